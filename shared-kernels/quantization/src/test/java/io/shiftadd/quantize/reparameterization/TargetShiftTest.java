package io.shiftadd.quantize.reparameterization;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.kernel.KernelContext;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetShiftTest {

    private static final int TOKENS = 40;
    private static final int INPUTS = 24;
    private static final int OUTPUTS = 16;

    private static float[] random(int count, double scale, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return values;
    }

    private static double length(float[] values, int from, int count) {
        double squares = 0;
        for (int i = from; i < from + count; i++) {
            squares += (double) values[i] * values[i];
        }
        return Math.sqrt(squares);
    }

    /** The smaller the inputs, the more of them it would take to make up for an error of the same size. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 1e-2, 1e-4, 2e-7, 1e-12})
    void noRowLeavesItsWeightsFurtherThanTheyAreLongHoweverSmallTheInputs(double scale) {
        float[] weights = random(OUTPUTS * INPUTS, 0.3, 1);
        // a row of zeros may move as far as rows are long in the mean
        java.util.Arrays.fill(weights, 0, INPUTS, 0);
        float[] target = targets(weights, scale, 1);
        double mean = length(weights, 0, weights.length) / Math.sqrt(OUTPUTS);
        float[] shift = new float[target.length];
        for (int i = 0; i < shift.length; i++) {
            shift[i] = target[i] - weights[i];
        }
        for (int n = 0; n < OUTPUTS; n++) {
            double most = Math.max(mean, length(weights, n * INPUTS, INPUTS));
            assertThat(length(shift, n * INPUTS, INPUTS)).as("row %d", n).isLessThanOrEqualTo(most * 1.0001);
        }
    }

    private static float[] targets(float[] weights, double scale, double residual) {
        InputMoments moments = new InputMoments(INPUTS, true, OUTPUTS, false);
        try (KernelContext context = KernelContext.create(1)) {
            float[] x = random(TOKENS * INPUTS, scale, 2);
            moments.add(
                    x, random(TOKENS * INPUTS, scale / 10, 3), random(TOKENS * OUTPUTS, residual, 4), TOKENS, context);
            return TargetShift.of(moments, moments.hessian(), INPUTS, Targets.ofOriginal(0.01))
                    .apply(List.of(weights), context)
                    .getFirst();
        }
    }
}
