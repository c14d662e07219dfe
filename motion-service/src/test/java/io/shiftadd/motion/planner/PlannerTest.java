package io.shiftadd.motion.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.motion.Libraries;
import io.shiftadd.motion.mujoco.Simulation;
import io.shiftadd.motion.task.Tasks;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class PlannerTest {

    private static final int PLANS = 6;

    @Test
    void plansAreAFunctionOfTheSeedWhateverTheNumberOfThreads() {
        try (Scene scene = Scene.quadruped(Libraries.any())) {
            double[] one = knots(scene, 1, 5);
            assertThat(knots(scene, 3, 5)).containsExactly(one);
            assertThat(knots(scene, 1, 5)).containsExactly(one);
            assertThat(knots(scene, 1, 6)).isNotEqualTo(one);
        }
    }

    @Test
    void plansStayWithinWhatJointsCan() {
        try (Scene scene = Scene.quadruped(Libraries.any())) {
            double[] ranges = scene.simulated().controlRanges();
            double[] knots = knots(scene, 2, 9);
            for (int i = 0; i < knots.length; i++) {
                int joint = i % (ranges.length / 2);
                assertThat(knots[i]).isBetween(ranges[2 * joint], ranges[2 * joint + 1]);
            }
        }
    }

    @Test
    void aPlanAllocatesNothing() {
        try (Scene scene = Scene.quadruped(Libraries.any());
                Planner planner = new Planner(scene, new PlannerSettings(8, 1), 1);
                Simulation simulation = new Simulation(scene.simulated())) {
            State state = begin(scene, simulation);
            var reward = Tasks.named("spin").reward();
            var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            // What the compiler has not met is interpreted, and calls out of the interpreter allocate.
            for (int i = 0; i < 600; i++) {
                planner.plan(state, reward, 8);
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20; i++) {
                planner.plan(state, reward, 8);
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(20 * 1024);
        }
    }

    private static double[] knots(Scene scene, int threads, long seed) {
        try (Planner planner = new Planner(scene, new PlannerSettings(8, threads), seed);
                Simulation simulation = new Simulation(scene.simulated())) {
            State state = begin(scene, simulation);
            for (int i = 0; i < PLANS; i++) {
                planner.plan(state, Tasks.named("paw").reward(), 8);
            }
            return planner.plan().knots().clone();
        }
    }

    private static State begin(Scene scene, Simulation simulation) {
        simulation.resetToKeyframe(0);
        simulation.forward();
        State state = new State(scene.simulated());
        state.take(simulation, 0);
        return state;
    }
}
