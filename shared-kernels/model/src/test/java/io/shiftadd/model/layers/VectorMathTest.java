package io.shiftadd.model.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class VectorMathTest {

    private static float at(UnaryOperator<FloatVector> f, float x) {
        return f.apply(FloatVector.broadcast(VectorMath.SPECIES, x)).lane(0);
    }

    /** The largest error over {@code from .. to}, relative to {@code scale} of the exact value. */
    private static double worst(
            UnaryOperator<FloatVector> f, DoubleUnaryOperator exact, DoubleUnaryOperator scale, float from, float to) {
        double worst = 0;
        for (int i = 0; i <= 100_000; i++) {
            float x = from + (to - from) * (i / 100_000f);
            double expected = exact.applyAsDouble(x);
            worst = Math.max(worst, Math.abs(at(f, x) - expected) / scale.applyAsDouble(expected));
        }
        return worst;
    }

    @Test
    void exponentialIsWithinTwoUnits() {
        assertThat(worst(VectorMath::exp, StrictMath::exp, e -> Math.ulp((float) e), -87f, 88f))
                .isLessThan(2);
    }

    @Test
    void exponentialOfZeroIsOneAndOfNanIsNan() {
        assertThat(at(VectorMath::exp, 0)).isEqualTo(1);
        assertThat(at(VectorMath::exp, Float.NaN)).isNaN();
        assertThat(at(VectorMath::exp, Float.NEGATIVE_INFINITY)).isBetween(0f, 2e-38f);
        assertThat(at(VectorMath::exp, Float.POSITIVE_INFINITY)).isFinite();
    }

    @Test
    void exponentialOfWhatIsNotPositiveHasTheSameBitsAsThatOfAnything() {
        for (int i = 0; i <= 10_000; i++) {
            float x = -100f * i / 10_000;
            assertThat(at(VectorMath::expOfNegative, x)).isEqualTo(at(VectorMath::exp, x));
        }
        assertThat(at(VectorMath::expOfNegative, Float.NEGATIVE_INFINITY))
                .isEqualTo(at(VectorMath::exp, Float.NEGATIVE_INFINITY));
        assertThat(at(VectorMath::expOfNegative, Float.NaN)).isNaN();
    }

    @Test
    void bytesBecomeTheFloatsThatTheyAre() {
        assumeThat(VectorMath.canWiden()).isTrue();
        byte[] bytes = new byte[256 + VectorMath.LANES];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        for (int at = 0; at < 256; at++) {
            float[] widened = VectorMath.widen(bytes, at).toArray();
            for (int i = 0; i < VectorMath.LANES; i++) {
                assertThat(widened[i]).isEqualTo(bytes[at + i]);
            }
        }
    }

    @Test
    void hyperbolicTangentIsExactToTheSixthDigit() {
        assertThat(worst(VectorMath::tanh, StrictMath::tanh, e -> 1, -12f, 12f)).isLessThan(1e-6);
        assertThat(worst(VectorMath::tanh, StrictMath::tanh, Math::abs, 1e-6f, 0.5f))
                .isLessThan(1e-6);
    }

    @Test
    void errorFunctionIsExactToTheSixthDigit() {
        assertThat(worst(VectorMath::erf, VectorMathTest::erf, e -> 1, -6f, 6f)).isLessThan(1e-6);
    }

    /** By its Taylor series where that converges well, by its continued fraction beyond. */
    private static double erf(double x) {
        double z = Math.abs(x);
        double value;
        if (z < 3) {
            double term = z;
            value = z;
            for (int n = 1; n < 100; n++) {
                term *= -z * z / n;
                value += term / (2 * n + 1);
            }
            value *= 2 / Math.sqrt(Math.PI);
        } else {
            double fraction = 0;
            for (int n = 60; n > 0; n--) {
                fraction = n / 2.0 / (z + fraction);
            }
            value = 1 - Math.exp(-z * z) / Math.sqrt(Math.PI) / (z + fraction);
        }
        return Math.copySign(value, x);
    }

    @Test
    void sumsAllLanes() {
        float[] values = new float[VectorMath.LANES];
        double sum = 0;
        Random random = new Random(1);
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
            sum += values[i];
        }
        assertThat((double) VectorMath.sum(FloatVector.fromArray(VectorMath.SPECIES, values, 0)))
                .isCloseTo(sum, within(1e-5));
    }
}
