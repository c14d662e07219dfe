package io.shiftadd.quantize.tuning;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.rotation.HadamardRotation;
import io.shiftadd.model.layers.VectorMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * From a packed layer's basis to that of its inputs and outputs and back: with {@code y = D·Hᵀ·y'} and
 * {@code x' = H·D·x}, the plain matrix is {@code W = (D·Hᵀ)·W'·(H·D)}, and the gradient of W' is that of W rotated the
 * other way, {@code (H·D)·dW·(D·Hᵀ)}. Either rotation may be absent.
 */
final class RotatedBasis {

    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;

    /** Columns of a strip whose rows one thread rotates. */
    private static final int STRIP = 64;

    private final @Nullable HadamardRotation input;
    private final @Nullable HadamardRotation output;

    RotatedBasis(@Nullable HadamardRotation input, @Nullable HadamardRotation output) {
        this.input = input;
        this.output = output;
    }

    /** √ of the blocks' sizes: what an orthonormal rotation would multiply W' by. */
    double scale() {
        double product = (input == null ? 1 : input.blockSize()) * (output == null ? 1.0 : output.blockSize());
        return Math.sqrt(product);
    }

    /** W' becomes W, {@code [outputs, inputs]} in place. */
    void toPlain(float[] matrix, int outputs, int inputs, KernelContext context) {
        if (input != null) {
            context.parallelFor(outputs, (n, _) -> input.applyTransposed(matrix, n * inputs));
        }
        if (output != null) {
            strips(inputs, context, (from, to) -> {
                mixRows(output, matrix, outputs, inputs, from, to);
                signRows(output, matrix, outputs, inputs, from, to);
            });
        }
    }

    /** The gradient of W becomes that of W', in place. */
    void gradientToRotated(float[] matrix, int outputs, int inputs, KernelContext context) {
        if (input != null) {
            context.parallelFor(outputs, (n, _) -> input.apply(matrix, n * inputs));
        }
        if (output != null) {
            strips(inputs, context, (from, to) -> {
                signRows(output, matrix, outputs, inputs, from, to);
                mixRows(output, matrix, outputs, inputs, from, to);
            });
        }
    }

    private static void signRows(HadamardRotation rotation, float[] matrix, int outputs, int inputs, int from, int to) {
        for (int n = 0; n < outputs; n++) {
            if (rotation.sign(n) < 0) {
                for (int k = n * inputs + from; k < n * inputs + to; k++) {
                    matrix[k] = -matrix[k];
                }
            }
        }
    }

    /** Hadamard's matrices over the rows of each block, by sums and differences of pairs. */
    private static void mixRows(HadamardRotation rotation, float[] matrix, int outputs, int inputs, int from, int to) {
        for (int distance = 1; distance < rotation.blockSize(); distance *= 2) {
            for (int n = 0; n < outputs; n++) {
                if ((n & distance) == 0) {
                    butterfly(matrix, n * inputs + from, (n + distance) * inputs + from, to - from);
                }
            }
        }
    }

    private static void butterfly(float[] matrix, int first, int second, int count) {
        for (int i = 0; i < count; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, count);
            FloatVector a = FloatVector.fromArray(SPECIES, matrix, first + i, mask);
            FloatVector b = FloatVector.fromArray(SPECIES, matrix, second + i, mask);
            a.add(b).intoArray(matrix, first + i, mask);
            a.sub(b).intoArray(matrix, second + i, mask);
        }
    }

    @FunctionalInterface
    private interface Strip {
        void run(int from, int to);
    }

    private static void strips(int columns, KernelContext context, Strip task) {
        context.parallelFor(
                Math.ceilDiv(columns, STRIP),
                (strip, _) -> task.run(strip * STRIP, Math.min(columns, (strip + 1) * STRIP)));
    }
}
