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
        double[] diagonal = dampedDiagonal(h, size, damping);
        int[] order = sorted ? order(diagonal, size, unit) : identity(size);
        double[] ordered = ordered(h, diagonal, order);
        float[] factor = NativeAlgebra.upperFactorOfInverse(ordered, size);
        return new PreparedHessian(size, order, dead(h, size), toFloat(ordered), factor);
    }

    /** U_kk for each column in the layer's own order, of the factor that {@link #of} would make. */
    static float[] factorDiagonal(double[] h, int size, double damping, int unit, boolean sorted) {
        double[] damped = dampedDiagonal(h, size, damping);
        int[] order = sorted ? order(damped, size, unit) : identity(size);
        double[] factor = NativeAlgebra.diagonalOfUpperFactor(ordered(h, damped, order), size);
        float[] diagonal = new float[size];
        for (int k = 0; k < size; k++) {
            diagonal[order[k]] = (float) factor[k];
        }
        return diagonal;
    }

    private static boolean[] dead(double[] h, int size) {
        boolean[] dead = new boolean[size];
        for (int k = 0; k < size; k++) {
            dead[k] = h[k * size + k] <= 0;
        }
        return dead;
    }

    private static double[] dampedDiagonal(double[] h, int size, double damping) {
        double[] diagonal = new double[size];
        double trace = 0;
        for (int k = 0; k < size; k++) {
            diagonal[k] = h[k * size + k] <= 0 ? 1 : h[k * size + k];
            trace += diagonal[k];
        }
        for (int k = 0; k < size; k++) {
            diagonal[k] += damping * trace / size;
        }
        return diagonal;
    }

    /** H with another diagonal, rows and columns in processing order. */
    private static double[] ordered(double[] h, double[] diagonal, int[] order) {
        int size = order.length;
        double[] ordered = new double[h.length];
        for (int i = 0; i < size; i++) {
            int row = order[i] * size;
            for (int j = 0; j < size; j++) {
                ordered[i * size + j] = h[row + order[j]];
            }
            ordered[i * size + i] = diagonal[order[i]];
        }
        return ordered;
    }

    /** Units by descending diagonal; equal ones keep their order. */
    private static int[] order(double[] diagonal, int size, int unit) {
        int units = Math.ceilDiv(size, unit);
        Integer[] sorted = new Integer[units];
        double[] weight = new double[units];
        for (int k = 0; k < size; k++) {
            weight[k / unit] += diagonal[k];
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
