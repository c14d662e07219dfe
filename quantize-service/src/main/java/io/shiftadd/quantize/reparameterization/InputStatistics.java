package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.HadamardRotation;

/**
 * What layers that share their inputs know of them: the Hessian, prepared for the solvers once for all.
 *
 * @param plain in the coordinates of the inputs
 * @param rotated in rotated coordinates, or the plain one again where nothing is to be rotated
 * @param rotation of the inputs that leads there; serving shares it too
 * @param hessian undamped, {@code [K, K]}, in the inputs' own order, float
 */
record InputStatistics(PreparedHessian plain, PreparedHessian rotated, HadamardRotation rotation, float[] hessian) {

    /** @param name of the inputs: what makes their rotation's signs their own */
    static InputStatistics of(String name, double[] hessian, int inputs, ReparameterizationSettings settings) {
        int unit = settings.groups(1).columnsPerGroup();
        HadamardRotation rotation = HadamardRotation.random(inputs, seed(settings.seed(), name));
        PreparedHessian plain =
                PreparedHessian.of(hessian, inputs, settings.damping(), unit, settings.activationOrder());
        PreparedHessian rotated = settings.incoherence() == Incoherence.NONE
                ? plain
                : PreparedHessian.of(
                        rotateBothSides(hessian, rotation),
                        inputs,
                        settings.damping(),
                        unit,
                        settings.activationOrder());
        float[] floats = new float[hessian.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) hessian[i];
        }
        return new InputStatistics(plain, rotated, rotation, floats);
    }

    static long seed(long seed, String name) {
        return seed * 0x9E3779B97F4A7C15L + name.hashCode();
    }

    /** {@code (H·D)·M·(D·Hᵀ)} in double, because the factorization to come amplifies what float would lose. */
    private static double[] rotateBothSides(double[] matrix, HadamardRotation rotation) {
        return rotateRowsTransposed(rotateRowsTransposed(matrix, rotation), rotation);
    }

    /** {@code (M·D·Hᵀ)ᵀ}. */
    private static double[] rotateRowsTransposed(double[] matrix, HadamardRotation rotation) {
        int width = rotation.width();
        double[] row = new double[width];
        double[] transposed = new double[matrix.length];
        for (int i = 0; i < width; i++) {
            for (int k = 0; k < width; k++) {
                row[k] = matrix[i * width + k] * rotation.sign(k);
            }
            for (int half = 1; half < rotation.blockSize(); half *= 2) {
                butterflies(row, half);
            }
            for (int k = 0; k < width; k++) {
                transposed[k * width + i] = row[k];
            }
        }
        return transposed;
    }

    private static void butterflies(double[] row, int half) {
        for (int start = 0; start < row.length; start += 2 * half) {
            for (int i = start; i < start + half; i++) {
                double a = row[i];
                double b = row[i + half];
                row[i] = a + b;
                row[i + half] = a - b;
            }
        }
    }
}
