package io.shiftadd.motion.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.motion.Libraries;
import io.shiftadd.motion.description.ArmDescription;
import io.shiftadd.motion.description.RobotKind;
import io.shiftadd.motion.planner.PlannerSettings;
import io.shiftadd.motion.planner.Scene;
import io.shiftadd.motion.reward.Reward;
import io.shiftadd.motion.reward.RewardTranslation;
import org.junit.jupiter.api.Test;

class EpisodeTest {

    @Test
    void theRobotSitsWhenAskedToAndDoesNotWhenAskedToStand() {
        try (Scene scene = Scene.quadruped(Libraries.any())) {
            Task sit = Tasks.named("sit");
            assertThat(run(scene, sit, sit.reward())).isTrue();
            assertThat(run(scene, sit, Tasks.named("paw").reward())).isFalse();
        }
    }

    /** Three seconds and few samples, which suffice for this: the test takes a moment. */
    private static boolean run(Scene scene, Task task, Reward reward) {
        Task brief = new Task(
                task.robot(),
                task.name(),
                task.instructions(),
                task.previous(),
                task.description(),
                task.descriptionJson(),
                task.reward(),
                task.criterion(),
                3);
        try (Episode episode = new Episode(scene, brief, reward, new PlannerSettings(16, 1), 1)) {
            return episode.run().met();
        }
    }

    /** A hand at the cube within two seconds, by a few samples; not when it is told to rest. */
    @Test
    void theArmTouchesTheCubeWhenAskedToAndDoesNotWhenAskedToRest() {
        try (Scene scene = Scene.of(RobotKind.ARM, Libraries.any())) {
            Task touch = Tasks.named(RobotKind.ARM, "touch");
            assertThat(run(scene, touch, touch.reward())).isTrue();
            Reward rest = RewardTranslation.of(new ArmDescription.Rest(ArmDescription.Pose.HOME));
            assertThat(run(scene, touch, rest)).isFalse();
        }
    }
}
