package io.shiftadd.registry.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.job.JobSettings;
import io.shiftadd.model.family.Modality;
import io.shiftadd.registry.model.ModelKind;
import io.shiftadd.registry.model.ModelShape;
import io.shiftadd.registry.model.ModelView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EstimateTest {

    /** The sample llama-mini. */
    private static final ModelShape SHAPE = new ModelShape(192, 6, 3, 1, 64, 512, 4096, 512, "F16");

    private static final ModelView MODEL = new ModelView(
            UUID.randomUUID(),
            "llama-mini",
            "llama",
            Modality.TEXT,
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

    @Test
    void countsTheWeightsOfTheLinearLayers() {
        // 4.72 MB of float16, as a real job measured
        assertThat(MODEL.dimensions().linearWeights()).isEqualTo(2_359_296);
    }

    @Test
    void comesNearToWhatAJobMade() {
        // a job of 3 bits made 2.85 MB of 6.57 MB
        Estimate estimate = estimate(Map.of("bits", "3", "headBits", "0"));
        assertThat((double) estimate.mostBytes()).isCloseTo(2.85e6, within(0.15e6));
        assertThat(estimate.exact()).isTrue();
        assertThat(estimate(Map.of("bits", "2", "headBits", "0")).mostBytes()).isLessThan(estimate.mostBytes());
    }

    @Test
    void followsWhatTheFormSays() {
        Estimate plain = estimate(Map.of("bits", "3", "headBits", "0"));
        Estimate head = estimate(Map.of("bits", "3", "headBits", "6"));
        // the sample's head is its embedding, which stays
        assertThat(head.mostBytes() - plain.mostBytes()).isEqualTo(4096 * 192 * 6 / 8);
        assertThat(estimate(Map.of("bits", "3"))).as("a third of the result").isEqualTo(head);
        assertThat(estimate(Map.of("budget", "budgetBytes", "budgetBytes", "1000000", "headBits", "0"))
                        .mostBytes())
                .isEqualTo(6_570_000 - 2 * 2_359_296 + 1_000_000);
        Estimate searched = estimate(Map.of("budget", "maxPerplexityIncrease", "maxPerplexityIncrease", "0.1"));
        assertThat(searched.exact()).isFalse();
        assertThat(searched.leastBytes()).isLessThan(searched.mostBytes());
        assertThat(estimate(Map.of("bits", "3", "samples", "256")).diskBytes()).isGreaterThan(plain.diskBytes());
        assertThat(estimate(Map.of("bits", "3", "calibration", "original")).diskBytes())
                .isGreaterThan(plain.diskBytes());
        // scales of rows weigh more than those of columns here
        assertThat(estimate(Map.of("bits", "3", "method", "optq")).mostBytes()).isNotEqualTo(plain.mostBytes());
    }

    @Test
    void tuningTakesTimeMemoryAndDiskAndNoBytesOfTheResult() {
        Estimate plain = estimate(Map.of("bits", "2"));
        Estimate tuned = estimate(Map.of("bits", "2", "tuning", "steps", "tune.steps", "256"));
        assertThat(tuned.mostBytes()).isEqualTo(plain.mostBytes());
        assertThat(tuned.diskBytes()).isGreaterThan(plain.diskBytes() + 2 * 12 * 2_359_296);
        assertThat(tuned.memoryBytes()).isGreaterThan(plain.memoryBytes());
        JobRates rates = new JobRates(0, 0, 1e-10, true);
        assertThat(seconds(rates, "tuning", "steps", "tune.steps", "256"))
                .isCloseTo(2_359_296 * 1e-10 * 256 * 4096, within(1e-6));
        assertThat(seconds(rates, "tuning", "tokens", "tune.tokens", "1048576"))
                .isEqualTo(seconds(rates, "tuning", "steps", "tune.steps", "256"));
        assertThat(seconds(rates, "tuning", "minutes", "tune.minutes", "3")).isEqualTo(180);
        assertThat(seconds(rates, "method", "optq", "tuning", "steps")).isZero();
    }

    private static double seconds(JobRates rates, String... form) {
        Map<String, String> given = new java.util.HashMap<>(Map.of("bits", "2"));
        for (int i = 0; i < form.length; i += 2) {
            given.put(form[i], form[i + 1]);
        }
        return rates.seconds(2_359_296, EstimateInputs.of(given, MODEL));
    }

    @Test
    void learnsTheTimeOfTuningFromJobsThatTuned() {
        JobRates.Past plain = new JobRates.Past(30, 20, 1e6, 1000, 20, 0, 0);
        JobRates.Past tuned = new JobRates.Past(130, 20, 1e6, 1000, 20, 100, 1e6);
        JobRates rates = JobRates.of(List.of(plain, tuned), true);
        assertThat(rates.tuneSeconds()).isCloseTo(1e-10, within(1e-20));
        assertThat(rates.passSeconds()).isCloseTo(1e-8, within(1e-18));
    }

    @Test
    void nonsenseInTheFormCountsAsNotSaid() {
        assertThat(estimate(Map.of("bits", "many", "samples", "-3", "rounds", "1e99")))
                .isEqualTo(estimate(Map.of("bits", "3")));
    }

    @Test
    void learnsItsTimeFromEarlierJobs() {
        // 20 s of fits in 20 rounds and 10 s of passes for 1000 tokens, of a model of a million weights
        JobRates rates = JobRates.of(List.of(new JobRates.Past(30, 20, 1e6, 1000, 20, 0, 0)), true);
        JobSettings inputs = EstimateInputs.of(
                Map.of("samples", "10", "sequenceLength", "50", "evaluationWindows", "5", "rounds", "10"), MODEL);
        assertThat(rates.seconds(1_000_000, inputs)).isCloseTo(10 + 10, within(1e-6));
        assertThat(rates.seconds(2_000_000, inputs)).isCloseTo(40, within(1e-6));
        JobSettings evaluation =
                EstimateInputs.of(Map.of("kind", "evaluate", "sequenceLength", "50", "evaluationWindows", "5"), MODEL);
        assertThat(rates.seconds(1_000_000, evaluation)).isCloseTo(2.5, within(1e-6));
    }

    private static Estimate estimate(Map<String, String> form) {
        return Estimate.of(MODEL, EstimateInputs.of(form, MODEL), JobRates.GUESS);
    }
}
