package io.shiftadd.motion.task;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.shiftadd.motion.mujoco.Simulation;
import io.shiftadd.motion.planner.ArmScene;
import io.shiftadd.motion.planner.Noise;
import io.shiftadd.motion.planner.Planner;
import io.shiftadd.motion.planner.PlannerSettings;
import io.shiftadd.motion.planner.QuadrupedScene;
import io.shiftadd.motion.planner.Scene;
import io.shiftadd.motion.planner.State;
import io.shiftadd.motion.reward.Arm;
import io.shiftadd.motion.reward.Reward;
import io.shiftadd.motion.reward.RollCounter;
import java.lang.foreign.MemorySegment;

/**
 * A run of a task in lockstep: the simulation stands still while a plan is made, so that its outcome is a function of
 * the seed. The quadruped begins near the standing pose, with a little noise, and for directions anyhow headed;
 * the arm near its home, with the cube somewhere before it.
 */
public final class Episode implements AutoCloseable {

    private static final double PLAN_SECONDS = 0.01;
    private static final double NOISE = 0.05;
    private static final double HEADING_NOISE = 0.1;
    private static final double PREPARATION = 3;
    private static final double CUBE_X = 0.42;
    private static final double CUBE_Y = 0.16;
    private static final double CUBE_AWAY = 0.06;
    private static final int STEPS_A_PLAN = (int) Math.round(PLAN_SECONDS / Scene.STEP);

    private final Task task;
    private final Reward reward;
    private final PlannerSettings settings;
    private final Planner planner;
    private final Scene scene;
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
        this.scene = scene;
        this.simulation = new Simulation(scene.simulated());
        this.state = new State(scene.simulated());
        this.wanted = scene.standing();
        start(seed);
    }

    private void start(long seed) {
        Noise noise = new Noise();
        noise.begin(seed, 777, 0);
        simulation.resetToKeyframe(0);
        switch (scene) {
            case QuadrupedScene _ -> disturbQuadruped(noise);
            case ArmScene arm -> disturbArm(arm.arm(), noise);
        }
        simulation.forward();
    }

    /** Joints a little off, and the cube anywhere in a square of twelve centimetres. */
    private void disturbArm(Arm arm, Noise noise) {
        disturb(simulation.qpos(), 0, Arm.JOINTS, noise);
        double x = CUBE_X + CUBE_AWAY * (2 * noise.uniform() - 1);
        arm.putCube(simulation, x, CUBE_Y + CUBE_AWAY * (2 * noise.uniform() - 1));
    }

    private void disturbQuadruped(Noise noise) {
        boolean anyHeading = task.name().equals("sunrise") || task.name().equals("sunset");
        double yaw = anyHeading ? (2 * noise.uniform() - 1) * Math.PI : HEADING_NOISE * noise.normal();
        MemorySegment qpos = simulation.qpos();
        disturb(qpos, 0, 2, noise);
        qpos.setAtIndex(JAVA_DOUBLE, 3, Math.cos(yaw / 2));
        qpos.setAtIndex(JAVA_DOUBLE, 6, Math.sin(yaw / 2));
        disturb(qpos, 7, scene.simulated().positions(), noise);
        disturb(simulation.qvel(), 0, scene.simulated().velocities(), noise);
    }

    private static void disturb(MemorySegment array, int from, int to, Noise noise) {
        for (int i = from; i < to; i++) {
            array.setAtIndex(JAVA_DOUBLE, i, array.getAtIndex(JAVA_DOUBLE, i) + NOISE * noise.normal());
        }
    }

    /** Runs it to its end. */
    public Outcome run() {
        Task previous = task.previous() == null ? null : Tasks.named(task.robot(), task.previous());
        double before = previous == null ? 0 : PREPARATION;
        Criterion criterion = Criterion.of(task, scene, task.seconds() - 1, before);
        RollCounter roll = scene.rollCounter();
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

    @Override
    public void close() {
        planner.close();
        simulation.close();
    }
}
