package io.shiftadd.quantize.backward;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.quantize.reparameterization.NativeAlgebra;
import io.shiftadd.quantize.reparameterization.NativeAlgebra.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * The three products of a linear layer {@code y = x·Wᵀ + b}: its outputs, and the gradients of its inputs and weights.
 *
 * <p>Shapes: {@code x [tokens, inputs]}, {@code W [outputs, inputs]}, {@code y [tokens, outputs]}, row-major float.
 * Tiles of a fixed size are one thread's work each, summed in single precision {@value #DEPTH} terms at a time in their
 * order: the same bits on any number of threads.
 */
final class Products {

    /** Rows and columns of a tile; with {@link #DEPTH} some milliseconds, for which the garbage collector waits. */
    private static final int TILE = 512;

    private static final int DEPTH = 1024;

    private Products() {}

    /** {@code y ← x·Wᵀ + b}. */
    static void outputs(
            float[] x,
            float[] weights,
            float @Nullable [] bias,
            float[] y,
            int tokens,
            int outputs,
            int inputs,
            KernelContext context) {
        tiles(tokens, outputs, context, (row, rows, column, columns) -> {
            if (bias != null) {
                for (int t = row; t < row + rows; t++) {
                    System.arraycopy(bias, column, y, t * outputs + column, columns);
                }
            }
            for (int k = 0; k < inputs; k += DEPTH) {
                NativeAlgebra.multiply(
                        false,
                        true,
                        rows,
                        columns,
                        Math.min(DEPTH, inputs - k),
                        1,
                        new Matrix(x, row * inputs + k, inputs),
                        new Matrix(weights, column * inputs + k, inputs),
                        k > 0 || bias != null ? 1 : 0,
                        new Matrix(y, row * outputs + column, outputs));
            }
        });
    }

    /** {@code dx ← dy·W}, or {@code dx += dy·W}. */
    static void inputGradient(
            float[] dy,
            float[] weights,
            float[] dx,
            boolean add,
            int tokens,
            int outputs,
            int inputs,
            KernelContext context) {
        tiles(tokens, inputs, context, (row, rows, column, columns) -> {
            for (int k = 0; k < outputs; k += DEPTH) {
                NativeAlgebra.multiply(
                        false,
                        false,
                        rows,
                        columns,
                        Math.min(DEPTH, outputs - k),
                        1,
                        new Matrix(dy, row * outputs + k, outputs),
                        new Matrix(weights, k * inputs + column, inputs),
                        k > 0 || add ? 1 : 0,
                        new Matrix(dx, row * inputs + column, inputs));
            }
        });
    }

    /** {@code dW ← dyᵀ·x}. */
    static void weightGradient(
            float[] dy, float[] x, float[] dw, int tokens, int outputs, int inputs, KernelContext context) {
        tiles(outputs, inputs, context, (row, rows, column, columns) -> {
            for (int t = 0; t < tokens; t += DEPTH) {
                NativeAlgebra.multiply(
                        true,
                        false,
                        rows,
                        columns,
                        Math.min(DEPTH, tokens - t),
                        1,
                        new Matrix(dy, t * outputs + row, outputs),
                        new Matrix(x, t * inputs + column, inputs),
                        t > 0 ? 1 : 0,
                        new Matrix(dw, row * inputs + column, inputs));
            }
        });
    }

    /** {@code db[n] ← Σ_t dy[t, n]}, in double. */
    static void biasGradient(float[] dy, float[] db, int tokens, int outputs, KernelContext context) {
        int width = 64;
        context.parallelFor(Math.ceilDiv(outputs, width), (strip, _) -> {
            int from = strip * width;
            int count = Math.min(width, outputs - from);
            double[] sums = new double[count];
            for (int t = 0; t < tokens; t++) {
                for (int i = 0; i < count; i++) {
                    sums[i] += dy[t * outputs + from + i];
                }
            }
            for (int i = 0; i < count; i++) {
                db[from + i] = (float) sums[i];
            }
        });
    }

    @FunctionalInterface
    private interface Tile {
        void run(int row, int rows, int column, int columns);
    }

    private static void tiles(int rows, int columns, KernelContext context, Tile tile) {
        int down = Math.ceilDiv(rows, TILE);
        int across = Math.ceilDiv(columns, TILE);
        // Of equal size, so that no thread is left with a sliver.
        int height = Math.ceilDiv(rows, down);
        int width = Math.ceilDiv(columns, across);
        context.parallelFor(down * across, (index, _) -> {
            int row = index / across * height;
            int column = index % across * width;
            if (row < rows && column < columns) {
                tile.run(row, Math.min(height, rows - row), column, Math.min(width, columns - column));
            }
        });
    }
}
