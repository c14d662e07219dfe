package io.shiftadd.quantize.reparameterization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.kernel.coding.ApotScales;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BinaryFitTest {

    @Test
    void findsTheScalesThatMadeTheWeights() {
        float[] weights = new float[512];
        Random random = new Random(1);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (random.nextBoolean() ? 1.5f : -1.5f) + (random.nextBoolean() ? 0.25f : -0.25f);
        }
        assertThat(fit(weights, 2, 20, 3)).containsExactly(1.5f, 0.25f);
    }

    @Test
    void isOptimalForNormalWeights() {
        // Lloyd and Max: levels ±0.4528σ and ±1.5104σ, error 0.1175σ².
        float[] weights = normal(200_000, 2);
        float[] scales = fit(weights, 2, 50, 0);
        assertThat(scales[0] - scales[1]).isCloseTo(0.4528f, within(0.01f));
        assertThat(scales[0] + scales[1]).isCloseTo(1.5104f, within(0.01f));
        assertThat(error(weights, scales)).isCloseTo(0.1175, within(0.001));
    }

    @Test
    void roundingInsideTheLoopCostsLittleWithThreeTermsAndMoreWithOne() {
        float[] weights = normal(4096, 3);
        for (int bits = 1; bits <= 4; bits++) {
            double exact = error(weights, fit(weights, bits, 20, 0));
            double three = error(weights, fit(weights, bits, 20, 3));
            double one = error(weights, fit(weights, bits, 20, 1));
            assertThat(three).isBetween(exact * 0.999, exact * 1.05);
            assertThat(one).isGreaterThan(three);
        }
    }

    @Test
    void scalesAreAdditivePowersOfTwoInDescendingOrder() {
        float[] scales = fit(normal(777, 4), 4, 20, 2);
        for (int i = 0; i < scales.length; i++) {
            assertThat((double) scales[i])
                    .isEqualTo(ApotScales.round(scales[i], 2))
                    .isPositive();
            assertThat(i == 0 || scales[i] <= scales[i - 1]).isTrue();
        }
    }

    @Test
    void copesWithWeightsThatAreAllTheSame() {
        assertThat(fit(new float[16], 3, 20, 3)).containsOnly(0f);
        float[] same = new float[16];
        java.util.Arrays.fill(same, 0.5f);
        assertThat(error(same, fit(same, 3, 20, 3))).isLessThan(1e-6);
    }

    @Test
    void zeroCountsAsPlus() {
        LevelTable table = new LevelTable(2);
        table.fill(new float[] {1, 0.25f}, 0, 1);
        assertThat(table.level(table.nearest(0))).isEqualTo(0.75f);
        assertThat(table.code(table.nearest(0))).isEqualTo((byte) 0b01);
    }

    private static float[] fit(float[] weights, int bits, int rounds, int terms) {
        float[] scales = new float[bits];
        new BinaryFit(bits, rounds, terms).fit(weights, weights.length, scales, 0, 1);
        return scales;
    }

    private static double error(float[] weights, float[] scales) {
        LevelTable table = new LevelTable(scales.length);
        table.fill(scales, 0, 1);
        double squares = 0;
        for (float weight : weights) {
            double difference = weight - table.level(table.nearest(weight));
            squares += difference * difference;
        }
        return squares / weights.length;
    }

    private static float[] normal(int count, long seed) {
        Random random = new Random(seed);
        float[] weights = new float[count];
        for (int i = 0; i < count; i++) {
            weights[i] = (float) random.nextGaussian();
        }
        return weights;
    }
}
