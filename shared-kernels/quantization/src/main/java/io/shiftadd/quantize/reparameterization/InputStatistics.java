package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.rotation.HadamardRotation;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What layers that share their inputs know of them: the Hessian, prepared for the solvers once for all.
 *
 * @param plain in the coordinates of the inputs; null where all is rotated
 * @param rotated in rotated coordinates; null where nothing is rotated
 * @param factorDiagonal U_kk of the plain one, in the inputs' own order
 * @param rotation of the inputs that leads there; serving shares it too
 * @param hessian undamped, {@code [K, K]}, in the inputs' own order, float
 * @param means for biases to make up for; null where biases stay as they are
 */
record InputStatistics(
        @Nullable PreparedHessian plain,
        @Nullable PreparedHessian rotated,
        float[] factorDiagonal,
        HadamardRotation rotation,
        float[] hessian,
        @Nullable InputMeans means) {

    /** @param name of the inputs: what makes their rotation's signs their own */
    static InputStatistics of(
            String name,
            double[] hessian,
            @Nullable InputMeans means,
            int inputs,
            ReparameterizationSettings settings,
            KernelContext context) {
        int unit = settings.groups(1).columnsPerGroup();
        HadamardRotation rotation = HadamardRotation.random(inputs, seed(settings.seed(), name));
        boolean plain = settings.incoherence() != Incoherence.ROTATED;
        boolean rotated = settings.incoherence() != Incoherence.NONE;
        double damping = settings.damping();
        boolean sorted = settings.activationOrder();
        PreparedHessian[] prepared = new PreparedHessian[2];
        float[][] diagonal = new float[1][];
        context.parallelFor(3, (part, _) -> {
            if (part == 0 && rotated) {
                double[] matrix = rotateBothSides(hessian, rotation);
                prepared[part] = PreparedHessian.of(matrix, inputs, damping, unit, sorted);
            } else if (part == 1 && plain) {
                prepared[part] = PreparedHessian.of(hessian, inputs, damping, unit, sorted);
            } else if (part == 2) {
                diagonal[0] = PreparedHessian.factorDiagonal(hessian, inputs, damping, unit, sorted);
            }
        });
        float[] floats = new float[hessian.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) hessian[i];
        }
        return new InputStatistics(prepared[1], prepared[0], diagonal[0], rotation, floats, means);
    }

    /** For fits in rotated coordinates, or for those in the inputs' own. */
    PreparedHessian prepared(boolean inRotated) {
        return Objects.requireNonNull(inRotated ? rotated : plain, "the settings do not ask for these coordinates");
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
