package io.shiftadd.quantize.reparameterization;

import java.util.Arrays;

/**
 * The Hessian of a layer's inputs made ready for the solvers: dead columns neutralised, damped, columns in the order
 * in which they are processed.
 *
 * @param size K
 * @param order column {@code order[k]} of the layer is processed as the k-th
 * @param dead columns of the layer, in its own order, whose inputs are always zero
 * @param values {@code [K, K]} in processing order, float
 * @param factor U upper with {@code UᵀU = H⁻¹}, {@code [K, K]} in processing order, float
 */
record PreparedHessian(int size, int[] order, boolean[] dead, float[] values, float[] factor) {

    /**
     * Prepares H as in OPTQ: {@code H_kk = 1} where it was zero, then {@code H += damping·mean(diag H)·I}.
     *
     * @param h {@code [K, K]}, second moment of the inputs; not changed
     * @param unit columns that stay together: 1, or 8 for block-wise scales
     * @param sorted whether units are processed by descending sum of their diagonal
     */
    static PreparedHessian of(double[] h, int size, double damping, int unit, boolean sorted) {
        double[] damped = h.clone();
        boolean[] dead = new boolean[size];
        double trace = 0;
        for (int k = 0; k < size; k++) {
            int diagonal = k * size + k;
            dead[k] = damped[diagonal] <= 0;
            if (dead[k]) {
                damped[diagonal] = 1;
            }
            trace += damped[diagonal];
        }
        for (int k = 0; k < size; k++) {
            damped[k * size + k] += damping * trace / size;
        }
        int[] order = sorted ? order(damped, size, unit) : identity(size);
        double[] ordered = new double[damped.length];
        for (int i = 0; i < size; i++) {
            int row = order[i] * size;
            for (int j = 0; j < size; j++) {
                ordered[i * size + j] = damped[row + order[j]];
            }
        }
        double[] factor = NativeAlgebra.upperFactorOfInverse(ordered, size);
        return new PreparedHessian(size, order, dead, toFloat(ordered), toFloat(factor));
    }

    /** U_kk for each column in the layer's own order. */
    float[] factorDiagonal() {
        float[] diagonal = new float[size];
        for (int k = 0; k < size; k++) {
            diagonal[order[k]] = factor[k * size + k];
        }
        return diagonal;
    }

    /** Units by descending diagonal; equal ones keep their order. */
    private static int[] order(double[] h, int size, int unit) {
        int units = Math.ceilDiv(size, unit);
        Integer[] sorted = new Integer[units];
        double[] weight = new double[units];
        for (int k = 0; k < size; k++) {
            weight[k / unit] += h[k * size + k];
        }
        Arrays.setAll(sorted, i -> i);
        // A last unit that is not full stays last, so that every other one begins at a multiple of the unit.
        int full = size / unit;
        Arrays.sort(sorted, 0, full, (a, b) -> Double.compare(weight[b], weight[a]));
        int[] order = new int[size];
        int at = 0;
        for (int u : sorted) {
            for (int k = u * unit; k < Math.min(size, (u + 1) * unit); k++) {
                order[at++] = k;
            }
        }
        return order;
    }

    private static int[] identity(int size) {
        int[] order = new int[size];
        Arrays.setAll(order, k -> k);
        return order;
    }

    private static float[] toFloat(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
