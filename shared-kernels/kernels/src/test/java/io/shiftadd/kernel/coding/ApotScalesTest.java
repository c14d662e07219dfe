package io.shiftadd.kernel.coding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ApotScalesTest {

    @Test
    void oneTermIsTheNearestPowerOfTwoInTheLogarithm() {
        assertThat(ApotScales.round(1.41, 1)).isEqualTo(1.0);
        assertThat(ApotScales.round(1.42, 1)).isEqualTo(2.0);
        assertThat(ApotScales.round(-0.3, 1)).isEqualTo(-0.25);
        assertThat(ApotScales.round(0, 3)).isZero();
    }

    @Test
    void residualTermsKeepTheirSigns() {
        // 0.9 → 1 − 0.125 + 0.03125, since 0.1 is nearest to 2^−3 and −0.025 to −2^−5.
        assertThat(ApotScales.round(0.9, 1)).isEqualTo(1.0);
        assertThat(ApotScales.round(0.9, 2)).isEqualTo(0.875);
        assertThat(ApotScales.round(0.9, 3)).isEqualTo(0.90625);
    }

    @Test
    void everyTermLeavesAtMostTheSquareRootsShareOfTheResidual() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 10_000; i++) {
            double value = Math.scalb(random.nextDouble(0.5, 1), random.nextInt(-30, 30));
            double residual = value;
            for (int terms = 1; terms <= ApotScales.MAX_TERMS; terms++) {
                double next = value - ApotScales.round(value, terms);
                assertThat(Math.abs(next)).isLessThanOrEqualTo(Math.abs(residual) * (Math.sqrt(2) - 1) * 1.0000001);
                residual = next;
            }
        }
    }

    @Test
    void encodesWhatRoundingGives() {
        SplittableRandom random = new SplittableRandom(2);
        float[] alphas = new float[2 * 3 * 5];
        for (int i = 0; i < alphas.length; i++) {
            alphas[i] = (float) random.nextGaussian();
        }
        for (int terms = 1; terms <= 3; terms++) {
            ApotScales scales = ApotScales.round(alphas, 2, 3, 5, terms);
            for (int i = 0; i < alphas.length; i++) {
                float value = scales.value(i / 15, i / 5 % 3, i % 5);
                assertThat((double) value).isCloseTo(ApotScales.round(alphas[i], terms), within(1e-7));
            }
        }
    }

    @Test
    void saturatesAtTheEndsOfTheExponents() {
        assertThat(ApotScales.round(1e30, 1)).isEqualTo(0x1p63);
        assertThat(ApotScales.round(-1e30, 1)).isEqualTo(-0x1p63);
        assertThat(ApotScales.round(0x1p-63, 1)).isEqualTo(0x1p-63);
        assertThat(ApotScales.round(0x1p-70, 1)).isZero();
    }

    @Test
    void refusesScalesThatAreNoNumbers() {
        assertThatThrownBy(() -> ApotScales.round(Double.NaN, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a number");
    }

    @Test
    void decodesEveryByte() {
        assertThat(ApotScales.term((byte) 0)).isZero();
        for (int code = 1; code <= 127; code++) {
            assertThat(ApotScales.term((byte) code)).isEqualTo(Math.scalb(1f, code - 64));
            assertThat(ApotScales.term((byte) -code)).isEqualTo(-Math.scalb(1f, code - 64));
        }
    }

    @Test
    void refusesBytesThatDoNotFitTheShape() {
        assertThatThrownBy(() -> new ApotScales(2, 1, 4, 3, new byte[23]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("24 bytes, not 23");
    }
}
