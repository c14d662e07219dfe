package io.shiftadd.motion.planner;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.motion.Libraries;
import io.shiftadd.motion.description.Foot;
import io.shiftadd.motion.mujoco.Mujoco;
import io.shiftadd.motion.mujoco.MujocoException;
import io.shiftadd.motion.mujoco.Simulation;
import io.shiftadd.motion.reward.Robot;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** The robot in every library that is there: fields are read at the right places only if all this is so. */
class SceneTest {

    @Test
    void standsOnItsFeetUnderItsOwnControls() {
        for (Mujoco mujoco : Libraries.all()) {
            try (Scene scene = Scene.quadruped(mujoco);
                    Simulation simulation = new Simulation(scene.simulated().model())) {
                Robot robot = scene.simulated();
                simulation.resetToKeyframe(0);
                double[] standing = scene.standing();
                MemorySegment.copy(standing, 0, simulation.control(), JAVA_DOUBLE, 0, standing.length);
                for (int step = 0; step < 1_000; step++) {
                    simulation.step();
                }
                assertThat(simulation.time()).isCloseTo(2, within(1e-9));
                assertThat(simulation.instabilities()).isZero();
                assertThat(robot.height(simulation)).as(mujoco.version()).isBetween(0.27, 0.32);
                assertThat(robot.uprightness(simulation)).isGreaterThan(0.99);
                for (Foot foot : Foot.values()) {
                    assertThat(robot.footHeight(simulation, foot)).isCloseTo(0, within(0.004));
                }
            }
        }
    }

    @Test
    void countsInsteadOfEndingWhenTheStateIsNotFinite() {
        for (Mujoco mujoco : Libraries.all()) {
            try (Scene scene = Scene.quadruped(mujoco);
                    Simulation simulation = new Simulation(scene.simulated().model())) {
                simulation.resetToKeyframe(0);
                simulation.qvel().setAtIndex(JAVA_DOUBLE, 0, Double.NaN);
                simulation.step();
                assertThat(simulation.instabilities()).as(mujoco.version()).isPositive();
            }
        }
    }

    @Test
    void refusesAClosedSimulation() {
        try (Scene scene = Scene.quadruped(Libraries.any())) {
            Simulation simulation = new Simulation(scene.simulated().model());
            simulation.close();
            assertThatThrownBy(simulation::step).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void namesWhatAModelHasNot() {
        try (Scene scene = Scene.quadruped(Libraries.any())) {
            assertThatThrownBy(() -> scene.simulated().model().body("tail"))
                    .isInstanceOf(MujocoException.class)
                    .hasMessageContaining("'tail'");
        }
    }
}
