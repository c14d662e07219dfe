package io.shiftadd.motion.reward;

import io.shiftadd.motion.mujoco.Simulation;
import org.jspecify.annotations.Nullable;

/** The roll counted beyond a half turn, from state to state of a simulation: over the right side onto the back is π. */
public final class RollCounter {

    /** With the nose straight up or down there is no telling roll from yaw. */
    private static final double STEEP = 0.9;

    private final @Nullable Robot robot;
    private double roll;

    /** @param robot null for one that cannot roll over */
    public RollCounter(@Nullable Robot robot) {
        this.robot = robot;
    }

    /** Looks at the next state. */
    public void look(Simulation state) {
        if (robot != null && Math.abs(Math.sin(robot.pitch(state))) < STEEP) {
            roll = next(roll, robot.roll(state));
        }
    }

    /** In radians; 0 until something was looked at. */
    public double roll() {
        return roll;
    }

    /** Counts on from a roll. */
    public void set(double roll) {
        this.roll = roll;
    }

    /** The angle's equal that is closest to the one before. */
    static double next(double before, double angle) {
        double away = angle - before;
        while (away > Math.PI) {
            away -= 2 * Math.PI;
        }
        while (away < -Math.PI) {
            away += 2 * Math.PI;
        }
        return before + away;
    }
}
