package io.shiftadd.kernel;

import io.shiftadd.kernel.coding.ApotScales;
import io.shiftadd.kernel.coding.BinaryCoding;
import io.shiftadd.kernel.coding.GroupShape;
import java.util.SplittableRandom;

/** Random layers and activations, the same for the same seed. */
public final class TestLayers {

    private TestLayers() {}

    static BinaryCoding coding(int outputs, int inputs, int bits, GroupShape groups, int terms, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int rowGroups = groups.rowGroups(outputs);
        int columnGroups = groups.columnGroups(inputs);
        float[] alphas = new float[bits * rowGroups * columnGroups];
        for (int i = 0; i < alphas.length; i++) {
            int bit = i / (rowGroups * columnGroups);
            alphas[i] = (float) (random.nextDouble(0.5, 1.5) * Math.scalb(0.05, -bit));
        }
        byte[] codes = new byte[outputs * inputs];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) random.nextInt(1 << bits);
        }
        ApotScales scales = ApotScales.round(alphas, bits, rowGroups, columnGroups, terms);
        return new BinaryCoding(outputs, inputs, bits, groups, scales, codes);
    }

    public static float[] activations(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }
}
