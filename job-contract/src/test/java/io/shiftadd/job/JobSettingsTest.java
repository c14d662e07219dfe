package io.shiftadd.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JobSettingsTest {

    /** As the registry has written it since it was there. */
    private static final String ROW = """
            {"bits": 3, "kind": "reparameterize", "name": "llama-mini-acc-3bit", "seed": 0,
             "model": "0198a1f2-8c3f-7d4e-9a10-2b6f0c1d2e3f", "terms": 3, "method": "acc", "rounds": 20, "samples": 16,
             "modelName": "llama-mini", "calibration": "sequential", "sequenceLength": 256, "activationOrder": true,
             "evaluationWindows": 8}""";

    private static final String EVALUATION = """
            {"kind": "evaluate", "seed": 7, "model": "0198a1f2-8c3f-7d4e-9a10-2b6f0c1d2e3f", "modelName": "m",
             "baseline": "0198a1f2-8c3f-7d4e-9a10-2b6f0c1d2e40", "baselineName": "b", "tasks": ["arc_easy", "copa"],
             "taskLimit": 100, "sequenceLength": 512, "evaluationWindows": 32}""";

    @Test
    void readsRowsAsTheyAre() {
        JobSettings settings = JobSettings.parse(ROW);
        assertThat(settings.size()).isEqualTo(new Size.Bits(3));
        assertThat(settings.method()).isEqualTo(Method.ACC);
        assertThat(settings.calibrationWindows()).isEqualTo(16);
        assertThat(settings.sequenceLength(512)).isEqualTo(256);
        assertThat(settings.evaluationWindows()).isEqualTo(8);
        assertThat(settings.originalCalibration()).isFalse();
        assertThat(settings.rotation()).isNull();
        assertThat(settings.tasksOrNone()).isEmpty();
        assertThat(settings.allocates()).isFalse();
    }

    @Test
    void readsRowsOfEvaluationsAsTheyAre() {
        JobSettings settings = JobSettings.parse(EVALUATION);
        assertThat(settings.kind()).isEqualTo(JobKind.EVALUATE);
        assertThat(settings.size()).isNull();
        assertThat(settings.tasksOrNone()).containsExactly(TaskName.ARC_EASY, TaskName.COPA);
        assertThat(settings.taskLimit()).isEqualTo(100);
        assertThat(settings.seed()).isEqualTo(7);
    }

    @Test
    void aSettingThatARowDoesNotHaveMeansWhatItMeantBeforeItWasThere() {
        JobSettings settings = JobSettings.parse("{\"meanBits\": 2.2, \"of a later version\": [1]}");
        assertThat(settings.methodOrDefault()).isEqualTo(Method.ACC);
        assertThat(settings.calibrationWindows()).isEqualTo(128);
        assertThat(settings.sequenceLength(512)).isEqualTo(512);
        assertThat(settings.sequenceLength(1 << 17)).isEqualTo(2048);
        assertThat(settings.allocates()).isTrue();
        assertThat(settings.originalCalibration()).isFalse();
        assertThat(settings.tune()).isNull();
    }

    @Test
    void aTuningIsReadWithItsDefaults() {
        Tuning tune = JobSettings.parse("{\"tune\": {\"steps\": 64, \"of a later version\": 1}}")
                .tune();
        assertThat(tune).isEqualTo(new Tuning(64, null, null, null, null));
        assertThat(tune.textOrDefault()).isEqualTo(TuningText.SAMPLED);
        assertThat(JobSettings.parse("{\"tune\": {}}").tune().steps(512)).isEqualTo(256);
    }

    @Test
    void tokensAreRoundedUpToWholeSteps() {
        assertThat(new Tuning(null, 1L, null, null, null).steps(512)).isEqualTo(1);
        assertThat(new Tuning(null, 8L * 512, null, null, null).steps(512)).isEqualTo(1);
        assertThat(new Tuning(null, 8L * 512 + 1, null, null, null).steps(512)).isEqualTo(2);
        assertThat(Tuning.length(2048)).isEqualTo(512);
        assertThat(Tuning.length(96)).isEqualTo(96);
    }

    @Test
    void everyWayToSayASizeIsRead() {
        assertThat(JobSettings.parse("{\"budgetBytes\": 9000000000}").size()).isEqualTo(new Size.Bytes(9_000_000_000L));
        assertThat(JobSettings.parse("{\"maxPerplexityIncrease\": 0.1}").size())
                .isEqualTo(new Size.PerplexityIncrease(0.1));
        assertThat(JobSettings.parse("{\"meanBits\": 2.5}").size()).isEqualTo(new Size.MeanBits(2.5));
    }

    @ParameterizedTest
    @EnumSource(NumberSetting.class)
    void defaultsLieWithinTheirLimits(NumberSetting setting) {
        assertThat(setting.least()).isLessThan(setting.most());
        assertThat(setting.allows(setting.most().add(BigDecimal.ONE))).isFalse();
        if (setting.otherwise() != null) {
            assertThat(setting.allows(setting.otherwise())).isTrue();
        }
    }
}
