package io.shiftadd.inference.generation.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SamplerTest {

    private static final int DRAWS = 40_000;

    private final SamplingScratch scratch = new SamplingScratch();

    private static SamplingSettings settings(double temperature, double topP, int topK, double minP) {
        return new SamplingSettings(temperature, topP, topK, minP, 1, 0, 0, Map.of());
    }

    private double[] frequencies(SamplingSettings settings, @Nullable BitSet allowed, float... logits) {
        Sampler sampler = new Sampler(settings, 7, new int[] {0});
        double[] frequencies = new double[logits.length];
        for (int i = 0; i < DRAWS; i++) {
            frequencies[sampler.sample(logits.clone(), logits.length, allowed, scratch)] += 1.0 / DRAWS;
        }
        return frequencies;
    }

    private static float ln(double probability) {
        return (float) Math.log(probability);
    }

    @Test
    void takesTheMostProbableAtTemperatureZero() {
        Sampler sampler = new Sampler(SamplingSettings.GREEDY, 1, new int[] {0});
        assertThat(sampler.sample(new float[] {1, 3, 3, 2}, 4, null, scratch)).isEqualTo(1);
    }

    @Test
    void drawsInProportionToTheSoftmax() {
        double[] frequencies = frequencies(settings(1, 1, 0, 0), null, ln(0.5), ln(0.3), ln(0.2));
        assertThat(frequencies[0]).isCloseTo(0.5, within(0.01));
        assertThat(frequencies[1]).isCloseTo(0.3, within(0.01));
        assertThat(frequencies[2]).isCloseTo(0.2, within(0.01));
    }

    @Test
    void dividesLogitsByTheTemperature() {
        double[] frequencies = frequencies(settings(0.5, 1, 0, 0), null, ln(0.5), ln(0.3), ln(0.2));
        double sum = 0.25 + 0.09 + 0.04;
        assertThat(frequencies[0]).isCloseTo(0.25 / sum, within(0.01));
        assertThat(frequencies[2]).isCloseTo(0.04 / sum, within(0.01));
    }

    @Test
    void keepsTheSmallestNucleus() {
        double[] frequencies = frequencies(settings(1, 0.7, 0, 0), null, ln(0.2), ln(0.5), ln(0.3));
        assertThat(frequencies[0]).isZero();
        assertThat(frequencies[1]).isCloseTo(0.625, within(0.01));
    }

    @Test
    void keepsTheMostProbableK() {
        double[] frequencies = frequencies(settings(1, 1, 2, 0), null, ln(0.2), ln(0.5), ln(0.3));
        assertThat(frequencies[0]).isZero();
        assertThat(frequencies[2]).isCloseTo(0.375, within(0.01));
    }

    @Test
    void countsTheNucleusWithinTheMostProbableK() {
        double[] frequencies = frequencies(settings(1, 0.6, 2, 0), null, ln(0.2), ln(0.5), ln(0.3));
        assertThat(frequencies[1]).isEqualTo(1.0, within(1e-9));
    }

    @Test
    void dropsTokensFarBelowTheMostProbable() {
        double[] frequencies = frequencies(settings(1, 1, 0, 0.5), null, ln(0.2), ln(0.5), ln(0.3));
        assertThat(frequencies[0]).isZero();
        assertThat(frequencies[2]).isCloseTo(0.375, within(0.01));
    }

    @Test
    void neverChoosesWhatIsNotAllowed() {
        BitSet allowed = new BitSet();
        allowed.set(0);
        allowed.set(2);
        double[] frequencies = frequencies(settings(1, 0.9, 0, 0), allowed, ln(0.2), ln(0.5), ln(0.3));
        assertThat(frequencies[1]).isZero();
        assertThat(frequencies[0]).isCloseTo(0.4, within(0.01));
    }

    @Test
    void addsTheBias() {
        SamplingSettings settings = new SamplingSettings(0, 1, 0, 0, 1, 0, 0, Map.of(0, 5f, 1, -100f));
        Sampler sampler = new Sampler(settings, 1, new int[] {3});
        assertThat(sampler.sample(new float[] {0, 9, 4}, 3, null, scratch)).isZero();
    }

    @Test
    void penalizesRepetitionInPromptAndOutput() {
        SamplingSettings settings = new SamplingSettings(0, 1, 0, 0, 2, 0, 0, Map.of());
        Sampler sampler = new Sampler(settings, 1, new int[] {0});
        assertThat(sampler.sample(new float[] {4, 3, -1}, 3, null, scratch)).isEqualTo(1);
        assertThat(sampler.sample(new float[] {1, 3, 1.6f}, 3, null, scratch)).isEqualTo(2);
        assertThat(sampler.sample(new float[] {-1, -1, -1, -1.5f}, 4, null, scratch))
                .isEqualTo(3);
    }

    @Test
    void penalizesPresenceAndFrequencyInTheOutputOnly() {
        SamplingSettings settings = new SamplingSettings(0, 1, 0, 0, 1, 1, 0.5, Map.of());
        Sampler sampler = new Sampler(settings, 1, new int[] {0});
        float[] logits = {5, 3.4f};
        assertThat(sampler.sample(logits.clone(), 2, null, scratch)).isZero();
        // 5 − 1 − 0.5 = 3.5
        assertThat(sampler.sample(logits.clone(), 2, null, scratch)).isZero();
        // 5 − 1 − 2 · 0.5 = 3
        assertThat(sampler.sample(logits.clone(), 2, null, scratch)).isEqualTo(1);
    }

    @Test
    void drawsTheSameForTheSameSeed() {
        SamplingSettings settings = settings(1.3, 0.95, 40, 0.01);
        Random random = new Random(3);
        Sampler one = new Sampler(settings, 99, new int[] {0});
        Sampler two = new Sampler(settings, 99, new int[] {0});
        for (int i = 0; i < 200; i++) {
            float[] logits = new float[500];
            for (int v = 0; v < logits.length; v++) {
                logits[v] = (float) random.nextGaussian() * 3;
            }
            assertThat(one.sample(logits.clone(), 500, null, scratch))
                    .isEqualTo(two.sample(logits.clone(), 500, null, new SamplingScratch()));
        }
    }

    @Test
    void anEmptySetOfAllowedTokensIsAnErrorAndNoToken() {
        for (double temperature : new double[] {0, 1}) {
            Sampler sampler = new Sampler(settings(temperature, 1, 0, 0), 1, new int[] {0});
            BitSet beyond = new BitSet();
            beyond.set(2);
            for (BitSet allowed : List.of(new BitSet(), beyond)) {
                assertThatThrownBy(() -> sampler.sample(new float[] {1, 2}, 2, allowed, scratch))
                        .isInstanceOf(NothingAllowedException.class)
                        .hasMessageContaining("response_format");
            }
        }
    }
}
