package io.shiftadd.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.kernel.coding.RowwiseCoding;
import io.shiftadd.kernel.species.KernelSpecies;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RowwiseLinearTest {

    static RowwiseCoding coding(int outputs, int inputs, int bits, int columnsPerGroup, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int groups = Math.ceilDiv(inputs, columnsPerGroup);
        float[] scales = new float[bits * outputs * groups];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = (float) random.nextDouble(0.01, 0.1);
        }
        float[] offsets = new float[outputs * groups];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = (float) random.nextDouble(-0.02, 0.02);
        }
        byte[] codes = new byte[outputs * inputs];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) random.nextInt(1 << bits);
        }
        return new RowwiseCoding(outputs, inputs, bits, columnsPerGroup, scales, offsets, codes);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 2, 1",
        "7, 13, 3, 13",
        "207, 384, 2, 128",
        "384, 1024, 3, 128",
        "150, 1000, 4, 1000",
        "48, 300, 2, 32",
        "40, 2000, 2, 768",
        "33, 520, 3, 4096"
    })
    void staysNearTheExpandedWeights(int outputs, int inputs, int bits, int columnsPerGroup) {
        float[] bias = TestLayers.activations(outputs, 2);
        RowwiseLinear layer = RowwiseLinear.pack(coding(outputs, inputs, bits, columnsPerGroup, 1), bias);
        RowwiseCoding coding = layer.unpack();
        int tokens = 2;
        float[] x = TestLayers.activations(tokens * inputs, 3);
        float[] y = forward(layer, x, tokens, KernelSpecies.active());
        for (int t = 0; t < tokens; t++) {
            for (int n = 0; n < outputs; n++) {
                double exact = bias[n];
                double scaleSum = 0;
                for (int k = 0; k < inputs; k++) {
                    exact += (double) coding.weight(n, k) * x[t * inputs + k];
                }
                for (int bit = 0; bit < bits; bit++) {
                    scaleSum += 0.1;
                }
                // Four activations sum up to less than 4·4.5, so a step is below 18/127.
                double allowed = scaleSum * 0.5 * 18 / 127 * Math.ceilDiv(inputs, 4) + 1e-4;
                assertThat(Math.abs(y[t * outputs + n] - exact)).isLessThanOrEqualTo(allowed);
            }
        }
        assertThat(relativeError(coding, bias, x, y, tokens)).isLessThan(0.03);
    }

    @ParameterizedTest
    @EnumSource(KernelSpecies.class)
    void givesTheSameBitsOnEverySpecies(KernelSpecies species) {
        RowwiseLinear layer = RowwiseLinear.pack(coding(100, 400, 3, 128, 4), null);
        float[] x = TestLayers.activations(3 * 400, 5);
        assertThat(forward(layer, x, 3, species)).isEqualTo(forward(layer, x, 3, KernelSpecies.SCALAR));
    }

    @Test
    void refusesGroupsThatCutTiles() {
        assertThatThrownBy(() -> RowwiseLinear.pack(coding(8, 200, 2, 100, 1), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("multiple of 32");
    }

    private static float[] forward(RowwiseLinear layer, float[] x, int tokens, KernelSpecies species) {
        float[] y = new float[tokens * layer.outputs()];
        try (KernelContext context = KernelContext.create(2, species)) {
            layer.forward(x, y, tokens, context);
        }
        return y;
    }

    private static double relativeError(RowwiseCoding coding, float[] bias, float[] x, float[] y, int tokens) {
        double squaredError = 0;
        double squared = 0;
        for (int t = 0; t < tokens; t++) {
            for (int n = 0; n < coding.outputs(); n++) {
                double exact = bias[n];
                for (int k = 0; k < coding.inputs(); k++) {
                    exact += (double) coding.weight(n, k) * x[t * coding.inputs() + k];
                }
                double difference = y[t * coding.outputs() + n] - exact;
                squaredError += difference * difference;
                squared += exact * exact;
            }
        }
        return Math.sqrt(squaredError / squared);
    }
}
