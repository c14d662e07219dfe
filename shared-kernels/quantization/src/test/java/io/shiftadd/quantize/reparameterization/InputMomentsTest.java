package io.shiftadd.quantize.reparameterization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.kernel.KernelContext;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InputMomentsTest {

    private static final int INPUTS = 200;
    private static final int HIDDEN = 72;
    private static final int TOKENS = 700;

    private final float[] x = random(TOKENS * INPUTS, 1);
    private final float[] shift = random(TOKENS * INPUTS, 2);
    private final float[] residual = random(TOKENS * HIDDEN, 3);

    @Test
    void sumsOuterProducts() {
        InputMoments moments = sum(2, false);
        double[] hessian = moments.hessian();
        float[] c = Objects.requireNonNull(moments.shift());
        float[] r = Objects.requireNonNull(moments.residual());
        for (int i = 0; i < INPUTS; i += 13) {
            for (int j = 0; j < INPUTS; j += 7) {
                assertThat(hessian[i * INPUTS + j]).isCloseTo(mean(x, INPUTS, i, j), within(1e-5));
                assertThat((double) c[i * INPUTS + j]).isCloseTo(mean(shift, INPUTS, i, j), within(1e-5));
                if (i < HIDDEN) {
                    assertThat((double) r[i * INPUTS + j]).isCloseTo(mean(residual, HIDDEN, i, j), within(1e-5));
                }
            }
        }
    }

    @Test
    void doesNotDependOnTheNumberOfThreads() {
        assertThat(sum(1, true).hessian()).isEqualTo(sum(3, true).hessian());
        assertThat(sum(1, true).residual()).isEqualTo(sum(3, true).residual());
    }

    @Test
    void targetsMakeUpForDistortedInputs() {
        // If the original inputs are those seen, scaled by 1.25, the target is the weights times 1.25.
        InputMoments moments = new InputMoments(INPUTS, true, 0, false);
        float[] quarter = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            quarter[i] = x[i] / 4;
        }
        float[] weights = random(3 * INPUTS, 4);
        float[] target;
        try (KernelContext context = KernelContext.create(1)) {
            moments.add(x, quarter, new float[0], TOKENS, context);
            target = TargetShift.of(moments, moments.hessian(), INPUTS, Targets.ofOriginal(0))
                    .apply(List.of(weights), context)
                    .getFirst();
        }
        for (int i = 0; i < target.length; i++) {
            assertThat(target[i]).isCloseTo(1.25f * weights[i], within(1e-4f));
        }
    }

    @Test
    void centeredMomentsAreAboutTheMeans() {
        InputMoments plain = sum(2, false);
        InputMoments centered = sum(2, true);
        InputMeans means = Objects.requireNonNull(centered.means());
        assertThat(plain.means()).isNull();
        float[] c = Objects.requireNonNull(plain.shift());
        float[] aboutMeans = Objects.requireNonNull(centered.shift());
        for (int i = 0; i < INPUTS; i += 11) {
            for (int j = 0; j < INPUTS; j += 7) {
                int at = i * INPUTS + j;
                assertThat(centered.hessian()[at])
                        .isCloseTo(plain.hessian()[at] - means.x()[i] * means.x()[j], within(1e-9));
                assertThat((double) aboutMeans[at]).isCloseTo(c[at] - means.shift()[i] * means.x()[j], within(1e-6));
            }
        }
    }

    @Test
    void theBiasMakesUpForWhatTheWeightsGetWrongOnAverage() {
        InputMeans means = Objects.requireNonNull(sum(1, true).means());
        int outputs = HIDDEN;
        float[] weights = random(outputs * INPUTS, 5);
        float[] served = random(outputs * INPUTS, 6);
        float[] before = random(outputs, 7);
        LayerProblem problem = new LayerProblem("layer", outputs, INPUTS, 2, weights, weights, before);
        float[] bias = means.bias(problem, served);
        for (int n = 0; n < outputs; n++) {
            double missed = before[n] - bias[n];
            for (int t = 0; t < TOKENS; t++) {
                missed += residual[t * HIDDEN + n] / TOKENS;
                for (int k = 0; k < INPUTS; k++) {
                    double original = x[t * INPUTS + k] + shift[t * INPUTS + k];
                    missed +=
                            (weights[n * INPUTS + k] * original - served[n * INPUTS + k] * x[t * INPUTS + k]) / TOKENS;
                }
            }
            assertThat(missed).isCloseTo(0, within(1e-4));
        }
    }

    private InputMoments sum(int threads, boolean centered) {
        InputMoments moments = new InputMoments(INPUTS, true, HIDDEN, centered);
        try (KernelContext context = KernelContext.create(threads)) {
            moments.add(x, shift, residual, TOKENS, context);
        }
        return moments;
    }

    private double mean(float[] a, int width, int i, int j) {
        double sum = 0;
        for (int t = 0; t < TOKENS; t++) {
            sum += (double) a[t * width + i] * x[t * INPUTS + j];
        }
        return sum / TOKENS;
    }

    private static float[] random(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
