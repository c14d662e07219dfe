package io.shiftadd.kernel;

import io.shiftadd.kernel.coding.ApotScales;
import io.shiftadd.kernel.coding.BinaryCoding;
import io.shiftadd.kernel.coding.GroupShape;

import java.util.SplittableRandom;

/** A packed layer of random weights, and inputs for it. */
final class RandomLayer {

    private static final int TERMS = 3;

    private RandomLayer() {}

    static PackedLinear of(int outputs, int inputs, int bits, boolean blockWise) {
        SplittableRandom random = new SplittableRandom(1);
        GroupShape groups = blockWise ? GroupShape.blockWise(outputs) : GroupShape.columnWise(outputs);
        byte[] codes = new byte[outputs * inputs];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) random.nextInt(1 << bits);
        }
        float[] alphas = new float[bits * groups.rowGroups(outputs) * groups.columnGroups(inputs)];
        for (int i = 0; i < alphas.length; i++) {
            alphas[i] = (float) random.nextDouble(0.01, 0.02);
        }
        ApotScales scales = ApotScales.round(
                alphas, bits, groups.rowGroups(outputs), groups.columnGroups(inputs), TERMS);
        return PackedLinear.pack(new BinaryCoding(outputs, inputs, bits, groups, scales, codes), null, null, null);
    }

    static float[] inputs(int count) {
        SplittableRandom random = new SplittableRandom(2);
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = (float) random.nextDouble(-1, 1);
        }
        return x;
    }
}
