package io.shiftadd.quantize.reparameterization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ErrorPushTest {

    @Test
    void theLossIsHalfTheOutputErrorUnderTheDampedHessian() {
        // More columns than are pushed at once, so that both ways of pushing take part.
        LayerCase layer = LayerCase.random(24, 200, 2, 1);
        PreparedHessian hessian = PreparedHessian.of(layer.hessian(), 200, 0.01, 1, false);
        float[] weights = layer.problem().weights();
        float[] columns = Transposition.of(weights, 24, 200);
        ColumnQuantizer eighths = (k, all, quantized) -> {
            for (int n = 0; n < 24; n++) {
                quantized[n] = (float) Math.rint(all[k * 24 + n] * 8) / 8;
            }
        };
        double loss = ErrorPush.run(columns, 24, hessian, eighths, () -> {});
        float[] difference = Transposition.of(columns, 200, 24);
        for (int i = 0; i < difference.length; i++) {
            difference[i] -= weights[i];
        }
        double[] damped = new double[200 * 200];
        for (int i = 0; i < damped.length; i++) {
            damped[i] = hessian.values()[i];
        }
        double error = new LayerCase(layer.problem(), damped).energy(difference);
        assertThat(2 * loss).isCloseTo(error, within(1e-3 * error));
    }

    @Test
    void strongColumnsComeFirstInWholeUnits() {
        double[] h = new double[20 * 20];
        for (int k = 0; k < 20; k++) {
            h[k * 20 + k] = k == 12 ? 100 : 1 + k;
        }
        int[] single = PreparedHessian.of(h, 20, 0.01, 1, true).order();
        assertThat(single).startsWith(12, 19, 18, 17).endsWith(1, 0);
        int[] units = PreparedHessian.of(h, 20, 0.01, 8, true).order();
        assertThat(units).containsExactly(8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19);
    }
}
