package io.shiftadd.registry.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.registry.model.ModelKind;
import io.shiftadd.registry.model.ModelShape;
import io.shiftadd.registry.model.ModelView;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EstimateTest {

    /** The sample llama-mini. */
    private static final ModelShape SHAPE = new ModelShape(192, 6, 3, 1, 64, 512, 4096, 512, "F16");

    @Test
    void countsTheWeightsOfTheLinearLayers() {
        // 4.72 MB of float16, as a real job measured
        assertThat(Estimate.linearWeights("llama", SHAPE)).isEqualTo(2_359_296);
    }

    @Test
    void comesNearToWhatAJobMade() {
        // a job of 3 bits made 2.85 MB of 6.57 MB
        ModelView model = new ModelView(
                UUID.randomUUID(),
                "llama-mini",
                "llama",
                ModelKind.ORIGINAL,
                "",
                "",
                3_147_456,
                6_570_000,
                SHAPE,
                null,
                null,
                null,
                null,
                Instant.EPOCH);
        Estimate estimate = Estimate.of(model, 3, 1e-5);
        assertThat((double) estimate.sizeBytes()).isCloseTo(2.85e6, within(0.15e6));
        assertThat(estimate.seconds()).isCloseTo(23.6, within(0.1));
        assertThat(Estimate.of(model, 2, null).sizeBytes()).isLessThan(estimate.sizeBytes());
    }
}
