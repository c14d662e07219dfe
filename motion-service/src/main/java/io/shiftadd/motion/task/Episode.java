package io.shiftadd.motion.task;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.shiftadd.motion.mujoco.Simulation;
import io.shiftadd.motion.planner.Noise;
import io.shiftadd.motion.planner.Planner;
import io.shiftadd.motion.planner.PlannerSettings;
import io.shiftadd.motion.planner.Scene;
import io.shiftadd.motion.planner.State;
import io.shiftadd.motion.reward.Reward;
import io.shiftadd.motion.reward.Robot;
import io.shiftadd.motion.reward.RollCounter;
import java.lang.foreign.MemorySegment;

/**
 * A run of a task in lockstep: the simulation stands still while a plan is made, so that its outcome is a function of
 * the seed. Begins near the standing pose, with a little noise, and for the tasks of directions with any heading.
 */
public final class Episode implements AutoCloseable {

    private static final double PLAN_SECONDS = 0.01;
    private static final double NOISE = 0.05;
    private static final double HEADING_NOISE = 0.1;
    private static final double PREPARATION = 3;
    private static final int STEPS_A_PLAN = (int) Math.round(PLAN_SECONDS / Scene.STEP);

    private final Task task;
    private final Reward reward;
    private final PlannerSettings settings;
    private final Planner planner;
    private final Robot robot;
    private final Simulation simulation;
    private final State state;
    private final double[] wanted;

    /**
     * @param met whether the task's criterion was
     * @param plans that were made
     * @param planSeconds all of them took
     */
    public record Outcome(boolean met, int plans, double planSeconds) {}

    /** @param reward what is optimized, by rights the task's own */
    public Episode(Scene scene, Task task, Reward reward, PlannerSettings settings, long seed) {
        this.task = task;
        this.reward = reward;
        this.settings = settings;
        this.planner = new Planner(scene, settings, seed);
        this.robot = scene.simulated();
        this.simulation = new Simulation(robot.model());
        this.state = new State(robot.model());
        this.wanted = scene.standing();
        start(seed);
    }

    private void start(long seed) {
        Noise noise = new Noise();
        noise.begin(seed, 777, 0);
        simulation.resetToKeyframe(0);
        boolean anyHeading = task.name().equals("sunrise") || task.name().equals("sunset");
        double yaw = anyHeading ? (2 * noise.uniform() - 1) * Math.PI : HEADING_NOISE * noise.normal();
        MemorySegment qpos = simulation.qpos();
        disturb(qpos, 0, 2, noise);
        qpos.setAtIndex(JAVA_DOUBLE, 3, Math.cos(yaw / 2));
        qpos.setAtIndex(JAVA_DOUBLE, 6, Math.sin(yaw / 2));
        disturb(qpos, 7, robot.model().positions(), noise);
        disturb(simulation.qvel(), 0, robot.model().velocities(), noise);
        simulation.forward();
    }

    private static void disturb(MemorySegment array, int from, int to, Noise noise) {
        for (int i = from; i < to; i++) {
            array.setAtIndex(JAVA_DOUBLE, i, array.getAtIndex(JAVA_DOUBLE, i) + NOISE * noise.normal());
        }
    }

    /** Runs it to its end. */
    public Outcome run() {
        Task previous = task.previous() == null ? null : Tasks.named(task.previous());
        double before = previous == null ? 0 : PREPARATION;
        Criterion criterion = new Criterion(task.name(), robot, task.seconds() - 1, before);
        RollCounter roll = new RollCounter(robot);
        int steps = (int) Math.round(task.seconds() / Scene.STEP);
        int plans = 0;
        long planNanos = 0;
        for (int step = 0; step < steps; step++) {
            if (step % STEPS_A_PLAN == 0) {
                Reward now = previous != null && step * Scene.STEP < before ? previous.reward() : reward;
                long start = System.nanoTime();
                state.take(simulation, roll.roll());
                planner.plan(state, now, settings.samples());
                planNanos += System.nanoTime() - start;
                plans++;
            }
            advance();
            if (simulation.instabilities() > 0) {
                return new Outcome(false, plans, planNanos / 1e9);
            }
            roll.look(simulation);
            criterion.look(simulation);
        }
        return new Outcome(criterion.met(), plans, planNanos / 1e9);
    }

    private void advance() {
        planner.plan().at(simulation.time(), wanted);
        MemorySegment.copy(wanted, 0, simulation.control(), JAVA_DOUBLE, 0, wanted.length);
        simulation.step();
    }

    /** Numbers of the state as it is, for comparisons. */
    public double[] positions() {
        return simulation.qpos().toArray(JAVA_DOUBLE);
    }

    @Override
    public void close() {
        planner.close();
        simulation.close();
    }
}
