package io.shiftadd.motion.planner;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.shiftadd.motion.mujoco.Model;
import io.shiftadd.motion.mujoco.Simulation;
import java.lang.foreign.MemorySegment;

/**
 * Of a simulation, what its future depends on: positions, velocities, what the solver starts from, the time; and the
 * roll, which is counted beyond a half turn.
 */
public final class State {

    private final double[] positions;
    private final double[] velocities;
    private final double[] warmStart;
    private double time;
    private double roll;

    public State(Model model) {
        this.positions = new double[model.positions()];
        this.velocities = new double[model.velocities()];
        this.warmStart = new double[model.velocities()];
    }

    /** @param roll unwrapped, in radians */
    public void take(Simulation from, double roll) {
        read(from.qpos(), positions);
        read(from.qvel(), velocities);
        read(from.warmStart(), warmStart);
        this.time = from.time();
        this.roll = roll;
    }

    public void copy(State other) {
        System.arraycopy(other.positions, 0, positions, 0, positions.length);
        System.arraycopy(other.velocities, 0, velocities, 0, velocities.length);
        System.arraycopy(other.warmStart, 0, warmStart, 0, warmStart.length);
        time = other.time;
        roll = other.roll;
    }

    /** Makes it the state of a simulation. */
    public void give(Simulation to) {
        write(positions, to.qpos());
        write(velocities, to.qvel());
        write(warmStart, to.warmStart());
        to.setTime(time);
    }

    public double time() {
        return time;
    }

    public double roll() {
        return roll;
    }

    private static void read(MemorySegment from, double[] to) {
        MemorySegment.copy(from, JAVA_DOUBLE, 0, to, 0, to.length);
    }

    private static void write(double[] from, MemorySegment to) {
        MemorySegment.copy(from, 0, to, JAVA_DOUBLE, 0, from.length);
    }
}
