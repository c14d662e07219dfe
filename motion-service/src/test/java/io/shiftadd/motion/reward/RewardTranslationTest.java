package io.shiftadd.motion.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.motion.description.Foot;
import io.shiftadd.motion.description.MotionDescription;
import io.shiftadd.motion.description.RobotKind;
import io.shiftadd.motion.task.Task;
import io.shiftadd.motion.task.Tasks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class RewardTranslationTest {

    private static final double ROUNDED = 1e-5;

    @Test
    void descriptionsOfTheTasksBecomeTheirRewards() {
        for (Task task : Tasks.of(RobotKind.QUADRUPED)) {
            Reward reward = RewardTranslation.of(task.description());
            for (Parameter parameter : Parameter.values()) {
                assertThat(reward.get(parameter))
                        .as("%s %s", task.name(), parameter)
                        .isCloseTo(task.reward().get(parameter), within(ROUNDED));
            }
            for (FootParameter parameter : FootParameter.values()) {
                for (Foot foot : Foot.values()) {
                    assertThat(reward.get(parameter, foot))
                            .as("%s %s %s", task.name(), parameter, foot)
                            .isCloseTo(task.reward().get(parameter, foot), within(ROUNDED));
                }
            }
        }
    }

    @Test
    void standsOnItsFrontFeetWithTheNoseDown() {
        Reward reward = RewardTranslation.of(description(-80, "{}"));
        assertThat(reward.get(FootParameter.BAL, Foot.FRONT_LEFT)).isOne();
        assertThat(reward.get(FootParameter.BAL, Foot.REAR_LEFT)).isZero();
    }

    @Test
    void aFootThatStepsIsNotHeldDownBesideALiftedOne() {
        Reward reward = RewardTranslation.of(description(0, """
                {"front_right":{"lift":0.1},"rear_left":{"step":{"hertz":2,"up":0.1,"forward":0.05,"air":0.5,"phase":0}}}
                """));
        assertThat(reward.get(FootParameter.W_UP, Foot.FRONT_RIGHT)).isEqualTo(2);
        assertThat(reward.get(FootParameter.W_UP, Foot.FRONT_LEFT)).isEqualTo(1);
        assertThat(reward.get(FootParameter.W_UP, Foot.REAR_LEFT)).isZero();
        assertThat(reward.get(FootParameter.W_STEPV, Foot.REAR_LEFT)).isEqualTo(1);
        assertThat(reward.get(FootParameter.W_STEPH, Foot.REAR_LEFT)).isZero();
    }

    @Test
    void parametersAreReadAsTheyAreWritten() {
        for (Task task : Tasks.of(RobotKind.QUADRUPED)) {
            List<io.shiftadd.motion.description.InvalidDescriptionException.Fault> faults = new ArrayList<>();
            assertThat(Reward.read(task.reward().toJson(), faults)).isEqualTo(task.reward());
            assertThat(faults).isEmpty();
        }
    }

    @Test
    void refusesParametersByNameAndRange() {
        List<io.shiftadd.motion.description.InvalidDescriptionException.Fault> faults = new ArrayList<>();
        Reward.read(
                new JsonMapper()
                        .readTree("{\"w_hight\":1,\"w_pitch\":-1,\"posture\":4,\"up_FR\":\"x\",\"height\":1e9}"),
                faults);
        assertThat(faults)
                .extracting(fault -> fault.field())
                .containsExactly("reward.w_hight", "reward.w_pitch", "reward.posture", "reward.up_FR", "reward.height");
        assertThat(faults.getFirst().remedy()).contains("w_height");
    }

    private static MotionDescription description(double pitch, String feet) {
        return MotionDescription.read(new JsonMapper()
                .readTree("{\"torso\":{\"height\":0.3,\"pitch_degrees\":" + pitch + ",\"roll_degrees\":0},"
                        + "\"facing\":{\"direction\":\"east\"},\"moving\":{\"to\":[0,0]},\"feet\":" + feet + "}"));
    }
}
