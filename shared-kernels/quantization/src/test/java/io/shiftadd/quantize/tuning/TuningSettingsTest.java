package io.shiftadd.quantize.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TuningSettingsTest {

    @Test
    void usesEachTextOnceAndInLongRunsTwoAndAHalfTimes() {
        assertThat(TuningSettings.of(64, 2, 512, 0).texts()).isEqualTo(64 * 8);
        assertThat(TuningSettings.of(256, 2, 512, 0).texts()).isEqualTo(256 * 8);
        assertThat(TuningSettings.of(640, 2, 512, 0).texts()).isEqualTo(256 * 8);
        assertThat(TuningSettings.of(1280, 2, 512, 0).texts()).isEqualTo(512 * 8);
    }

    @Test
    void risesForTwentyStepsThenFallsToATwentieth() {
        TuningSettings settings = TuningSettings.of(256, 2, 512, 0);
        assertThat(settings.share(0)).isCloseTo(0.05, within(1e-9));
        assertThat(settings.share(19)).isCloseTo(1, within(1e-9));
        for (int step = 21; step < 256; step++) {
            assertThat(settings.share(step)).isLessThan(settings.share(step - 1));
        }
        assertThat(settings.share(255)).isCloseTo(0.05, within(0.001));
    }

    @Test
    void keepsSequencesWithinTheContext() {
        assertThat(TuningSettings.of(1, 2, 96, 0).length()).isEqualTo(96);
    }
}
