package io.shiftadd.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PresetTest {

    @Test
    void balancedIsWhatARequestWithoutAPresetMeans() {
        assertThat(Preset.BALANCED.samples()).isEqualTo(NumberSetting.SAMPLES.byDefault());
        assertThat(Preset.BALANCED.evaluationWindows()).isEqualTo(NumberSetting.EVALUATION_WINDOWS.byDefault());
        assertThat(Preset.BALANCED.sequenceLength(8192)).isEqualTo(NumberSetting.defaultSequence(8192));
        assertThat(Preset.BALANCED.tuneSteps()).isNull();
    }

    @Test
    void fastTakesLessOfEverythingAndBestTunes() {
        assertThat(Preset.FAST.samples()).isLessThan(Preset.BALANCED.samples());
        assertThat(Preset.FAST.sequenceLength(8192)).isLessThan(Preset.BALANCED.sequenceLength(8192));
        assertThat(Preset.FAST.evaluationWindows()).isLessThan(Preset.BALANCED.evaluationWindows());
        assertThat(Objects.requireNonNull(Preset.BEST.tuneSteps())).isPositive();
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void noPresetLeavesTheContextOrTheLimits(Preset preset) {
        assertThat(preset.sequenceLength(64)).isEqualTo(64);
        assertThat(NumberSetting.SAMPLES.allows(java.math.BigDecimal.valueOf(preset.samples())))
                .isTrue();
        assertThat(NumberSetting.EVALUATION_WINDOWS.allows(java.math.BigDecimal.valueOf(preset.evaluationWindows())))
                .isTrue();
    }
}
