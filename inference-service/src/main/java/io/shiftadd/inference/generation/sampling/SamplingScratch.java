package io.shiftadd.inference.generation.sampling;

import java.util.Arrays;

/** Memory that every sampler of one thread shares, so that sampling allocates nothing per token. */
public final class SamplingScratch {

    private float[] row = new float[0];
    private int[] ids = new int[0];
    private double[] weights = new double[0];
    private long[] keys = new long[0];
    private double[] unsortedWeights = new double[0];
    private int[] unsortedIds = new int[0];

    /** For the logits of one position, which sampling overwrites. */
    public float[] row(int size) {
        if (row.length < size) {
            row = new float[size];
        }
        return row;
    }

    int[] ids(int size) {
        if (ids.length < size) {
            ids = new int[size];
            weights = new double[size];
        }
        return ids;
    }

    double[] weights(int size) {
        ids(size);
        return weights;
    }

    /**
     * Sorts the first entries of ids and weights by falling weight, equals by rising id. Weights are in (0, 1]; they
     * are compared as float32, whose bits order like the numbers.
     */
    void sortDescending(int count) {
        if (keys.length < count) {
            keys = new long[ids.length];
            unsortedWeights = new double[ids.length];
            unsortedIds = new int[ids.length];
        }
        for (int i = 0; i < count; i++) {
            keys[i] = (long) -Float.floatToIntBits((float) weights[i]) << 32 | i;
        }
        Arrays.sort(keys, 0, count);
        System.arraycopy(weights, 0, unsortedWeights, 0, count);
        System.arraycopy(ids, 0, unsortedIds, 0, count);
        for (int i = 0; i < count; i++) {
            int from = (int) keys[i];
            weights[i] = unsortedWeights[from];
            ids[i] = unsortedIds[from];
        }
    }
}
