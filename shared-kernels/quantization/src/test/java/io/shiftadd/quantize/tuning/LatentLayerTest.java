package io.shiftadd.quantize.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.kernel.ApotScales;
import io.shiftadd.kernel.BinaryCoding;
import io.shiftadd.kernel.GroupShape;
import io.shiftadd.kernel.HadamardRotation;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.PackedLinear;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatentLayerTest {

    private static final int OUTPUTS = 48;
    private static final int INPUTS = 40;

    /** Groups over all rows, over some of them, over some columns, over a whole row. */
    @ParameterizedTest
    @CsvSource({"2,48,1,true", "3,16,8,true", "2,48,1,false", "4,32,8,false", "1,16,1,true", "2,16,40,false"})
    void startsAsThePackedLayerAndPacksToTheSameValues(int bits, int rows, int columns, boolean rotated) {
        PackedLinear packed = layer(bits, new GroupShape(rows, columns), rotated, 5);
        try (KernelContext context = KernelContext.create(2)) {
            LatentLayer layer = new LatentLayer(packed, new LatentLayer.Expansion(), false);
            float[] weights = layer.weights(context);
            float[] expected = packed.toDense();
            for (int i = 0; i < expected.length; i++) {
                assertThat(weights[i]).isCloseTo(expected[i], within(1e-4f));
            }
            BinaryCoding again = layer.pack(context).unpack();
            assertThat(again.codes()).isEqualTo(packed.unpack().codes());
            // A value may have two forms, 2⁻⁵ + 2⁻⁶ and 2⁻⁴ − 2⁻⁶.
            assertThat(again.toDense()).isEqualTo(packed.unpack().toDense());
        }
    }

    /** With fixed signs the plain matrix is linear in the scales, so differences of them say their gradient exactly. */
    @ParameterizedTest
    @CsvSource({"2,48,1,true", "3,16,8,true", "2,16,40,false"})
    void handsScalesTheGradientOfThePlainMatrix(int bits, int rows, int columns, boolean rotated) {
        GroupShape groups = new GroupShape(rows, columns);
        PackedLinear packed = layer(bits, groups, rotated, 6);
        BinaryCoding coding = packed.unpack();
        Random random = new Random(8);
        float[] gradient = new float[OUTPUTS * INPUTS];
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = (float) random.nextGaussian();
        }
        int rowGroups = groups.rowGroups(OUTPUTS);
        int columnGroups = groups.columnGroups(INPUTS);
        try (KernelContext context = KernelContext.create(2)) {
            LatentLayer layer = new LatentLayer(packed, new LatentLayer.Expansion(), false);
            layer.weights(context);
            layer.gradient(gradient.clone(), null, context);
            double scale = new RotatedBasis(packed.inputRotation(), packed.outputRotation()).scale();
            for (int bit = 0; bit < bits; bit++) {
                for (int group = 0; group < rowGroups * columnGroups; group++) {
                    int index = bit * rowGroups * columnGroups + group;
                    double expected = change(coding, packed, bit, group, columnGroups, gradient) / scale;
                    assertThat((double) layer.scaleGradient()[index]).isCloseTo(expected, within(1e-3));
                }
            }
        }
    }

    /** Σ gradient · (what a unit more of the scale does to the plain matrix). */
    private static double change(
            BinaryCoding coding, PackedLinear packed, int bit, int group, int columnGroups, float[] gradient) {
        float[] unit = new float[OUTPUTS * INPUTS];
        GroupShape groups = coding.groups();
        for (int n = 0; n < OUTPUTS; n++) {
            for (int k = 0; k < INPUTS; k++) {
                int of = n / groups.rowsPerGroup() * columnGroups + k / groups.columnsPerGroup();
                if (of == group) {
                    unit[n * INPUTS + k] = (coding.codes()[n * INPUTS + k] >> bit & 1) != 0 ? 1 : -1;
                }
            }
        }
        try (KernelContext context = KernelContext.create(1)) {
            new RotatedBasis(packed.inputRotation(), packed.outputRotation()).toPlain(unit, OUTPUTS, INPUTS, context);
        }
        double sum = 0;
        for (int i = 0; i < unit.length; i++) {
            sum += (double) unit[i] * gradient[i];
        }
        return sum;
    }

    static PackedLinear layer(int bits, GroupShape groups, boolean rotated, long seed) {
        Random random = new Random(seed);
        int rowGroups = groups.rowGroups(OUTPUTS);
        int columnGroups = groups.columnGroups(INPUTS);
        float[] alphas = new float[bits * rowGroups * columnGroups];
        for (int i = 0; i < alphas.length; i++) {
            // Far enough apart that no two sums of a group are one.
            int bit = i / (rowGroups * columnGroups);
            alphas[i] = (float) Math.scalb(1 + 0.3 * random.nextDouble(), -bit - 2);
        }
        byte[] codes = new byte[OUTPUTS * INPUTS];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) random.nextInt(1 << bits);
        }
        ApotScales scales = ApotScales.round(alphas, bits, rowGroups, columnGroups, 3);
        @Nullable HadamardRotation input = rotated ? HadamardRotation.random(INPUTS, seed) : null;
        @Nullable HadamardRotation output = rotated ? HadamardRotation.random(OUTPUTS, seed + 1) : null;
        return PackedLinear.pack(new BinaryCoding(OUTPUTS, INPUTS, bits, groups, scales, codes), null, input, output);
    }
}
