package io.shiftadd.motion.session;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.shiftadd.motion.mujoco.Simulation;
import io.shiftadd.motion.planner.Plan;
import io.shiftadd.motion.planner.Scene;
import io.shiftadd.motion.planner.State;
import io.shiftadd.motion.reward.RollCounter;
import java.lang.foreign.MemorySegment;

/**
 * Where the robot will be when the next plan is made: a plan for where it is now would come too late by as long as
 * planning takes. One thread at a time.
 */
final class Foresight implements AutoCloseable {

    private static final double MOST_SECONDS = 0.05;

    private final Simulation simulation;
    private final RollCounter roll;
    private final double[] wanted;

    Foresight(Scene scene) {
        this.simulation = new Simulation(scene.simulated());
        this.roll = scene.rollCounter();
        this.wanted = scene.standing();
    }

    /** Moves a state on by some seconds, under the plan that is followed meanwhile; not when it would diverge. */
    void move(State state, Plan plan, double seconds) {
        int before = simulation.instabilities();
        state.give(simulation);
        roll.set(state.roll());
        int steps = (int) Math.round(Math.min(seconds, MOST_SECONDS) / Scene.STEP);
        for (int step = 0; step < steps; step++) {
            plan.at(simulation.time(), wanted);
            MemorySegment.copy(wanted, 0, simulation.control(), JAVA_DOUBLE, 0, wanted.length);
            simulation.step();
            roll.look(simulation);
        }
        if (simulation.instabilities() == before) {
            state.take(simulation, roll.roll());
        }
    }

    @Override
    public void close() {
        simulation.close();
    }
}
