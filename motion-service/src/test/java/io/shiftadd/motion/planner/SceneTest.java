package io.shiftadd.motion.planner;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.motion.Libraries;
import io.shiftadd.motion.description.Foot;
import io.shiftadd.motion.description.Thing;
import io.shiftadd.motion.mujoco.Mujoco;
import io.shiftadd.motion.mujoco.MujocoException;
import io.shiftadd.motion.mujoco.Simulation;
import io.shiftadd.motion.reward.Arm;
import io.shiftadd.motion.reward.Robot;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** The robot in every library that is there: fields are read at the right places only if all this is so. */
class SceneTest {

    @Test
    void standsOnItsFeetUnderItsOwnControls() {
        for (Mujoco mujoco : Libraries.all()) {
            try (QuadrupedScene scene = Scene.quadruped(mujoco);
                    Simulation simulation = new Simulation(scene.simulated())) {
                Robot robot = scene.robot();
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

    /** Its hand points down and its fingers are open; cube, crate and drawer are where the file has them. */
    @Test
    void theArmRestsAtHomeUnderItsOwnControls() {
        for (Mujoco mujoco : Libraries.all()) {
            try (ArmScene scene = new ArmScene(mujoco);
                    Simulation simulation = new Simulation(scene.simulated())) {
                Arm arm = scene.arm();
                simulation.resetToKeyframe(0);
                double[] home = scene.standing();
                MemorySegment.copy(home, 0, simulation.control(), JAVA_DOUBLE, 0, home.length);
                for (int step = 0; step < 1_000; step++) {
                    simulation.step();
                }
                assertThat(simulation.instabilities()).isZero();
                assertThat(arm.grip(simulation, 0)).as(mujoco.version()).isCloseTo(0.38, within(0.03));
                assertThat(arm.grip(simulation, 2)).isCloseTo(0.38, within(0.03));
                assertThat(arm.opening(simulation)).isGreaterThan(0.7);
                assertThat(arm.drawer(simulation)).isCloseTo(0, within(0.05));
                assertThat(arm.place(simulation, Thing.CUBE, 2)).isCloseTo(0.022, within(0.002));
                assertThat(arm.place(simulation, Thing.CRATE, 0)).isEqualTo(0.45);
                assertThat(arm.distance(simulation, Thing.DRAWER_HANDLE)).isBetween(0.3, 0.6);
                assertThat(scene.positionNames()).hasSize(scene.simulated().positions());
                assertThat(scene.noise()).hasSize(scene.simulated().controls());
            }
        }
    }

    @Test
    void countsInsteadOfEndingWhenTheStateIsNotFinite() {
        for (Mujoco mujoco : Libraries.all()) {
            try (Scene scene = Scene.quadruped(mujoco);
                    Simulation simulation = new Simulation(scene.simulated())) {
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
            Simulation simulation = new Simulation(scene.simulated());
            simulation.close();
            assertThatThrownBy(simulation::step).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void namesWhatAModelHasNot() {
        try (Scene scene = Scene.quadruped(Libraries.any())) {
            assertThatThrownBy(() -> scene.simulated().body("tail"))
                    .isInstanceOf(MujocoException.class)
                    .hasMessageContaining("'tail'");
        }
    }
}
