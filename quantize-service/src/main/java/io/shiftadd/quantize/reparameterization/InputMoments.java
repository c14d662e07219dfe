package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.quantize.reparameterization.NativeAlgebra.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * What fits need to know of the inputs of layers that share them, summed over all calibration tokens t:
 * {@code H = Σ x·xᵀ}, {@code C = Σ (x_o − x)·xᵀ} and {@code R = Σ (h_o − h)·xᵀ}, with x the inputs as reparameterized,
 * x_o those of the original model, and h, h_o the hidden states to which the layer's output is added.
 *
 * <p>Products of {@value #TOKENS} tokens are float, their sum is double: float alone loses digits over long sums. Tiles
 * of the result are summed each by one thread in the tokens' order, so the result does not depend on the threads.
 */
final class InputMoments {

    /** Tokens of one float product. */
    private static final int TOKENS = 512;

    private static final int TILE = 128;

    private final int inputs;
    private final int hidden;
    private final double[] second;
    private final double @Nullable [] shift;
    private final double @Nullable [] residual;
    private long tokens;

    /**
     * @param inputs K
     * @param shifted whether C is wanted
     * @param hidden size of the hidden states, 0 if R is not wanted
     */
    InputMoments(int inputs, boolean shifted, int hidden) {
        this.inputs = inputs;
        this.hidden = hidden;
        second = new double[Math.multiplyExact(inputs, inputs)];
        shift = shifted ? new double[second.length] : null;
        residual = hidden > 0 ? new double[Math.multiplyExact(hidden, inputs)] : null;
    }

    /**
     * Adds a batch.
     *
     * @param x {@code [count, K]}
     * @param originalMinusX {@code x_o − x}, {@code [count, K]}; ignored if C is not wanted
     * @param originalMinusHidden {@code h_o − h}, {@code [count, hidden]}; ignored if R is not wanted
     */
    void add(float[] x, float[] originalMinusX, float[] originalMinusHidden, int count, KernelContext context) {
        int across = Math.ceilDiv(inputs, TILE);
        int shiftTiles = shift == null ? 0 : across * across;
        int residualTiles = residual == null ? 0 : Math.ceilDiv(hidden, TILE) * across;
        int secondTiles = across * (across + 1) / 2;
        context.parallelFor(secondTiles + shiftTiles + residualTiles, (tile, _) -> {
            if (tile < secondTiles) {
                int row = (int) ((Math.sqrt(8.0 * tile + 1) - 1) / 2);
                addTile(x, inputs, row, x, tile - row * (row + 1) / 2, count, second);
            } else if (shift != null && tile < secondTiles + shiftTiles) {
                int t = tile - secondTiles;
                addTile(originalMinusX, inputs, t / across, x, t % across, count, shift);
            } else if (residual != null) {
                int t = tile - secondTiles - shiftTiles;
                addTile(originalMinusHidden, hidden, t / across, x, t % across, count, residual);
            }
        });
        tokens += count;
    }

    /** {@code sum[tileA, tileB] += aᵀ·x} over the batch's tokens. */
    private void addTile(float[] a, int widthA, int tileA, float[] x, int tileB, int count, double[] sum) {
        int fromA = tileA * TILE;
        int fromB = tileB * TILE;
        int rows = Math.min(TILE, widthA - fromA);
        int columns = Math.min(TILE, inputs - fromB);
        float[] product = new float[rows * columns];
        for (int first = 0; first < count; first += TOKENS) {
            int part = Math.min(TOKENS, count - first);
            NativeAlgebra.multiply(
                    true,
                    false,
                    rows,
                    columns,
                    part,
                    1,
                    new Matrix(a, first * widthA + fromA, widthA),
                    new Matrix(x, first * inputs + fromB, inputs),
                    0,
                    new Matrix(product, 0, columns));
            for (int r = 0; r < rows; r++) {
                int at = (fromA + r) * inputs + fromB;
                for (int c = 0; c < columns; c++) {
                    sum[at + c] += product[r * columns + c];
                }
            }
        }
    }

    /** {@code H / tokens}, symmetric {@code [K, K]}. */
    double[] hessian() {
        double[] mean = new double[second.length];
        // Only tiles on and below the diagonal were summed.
        for (int i = 0; i < inputs; i++) {
            for (int j = 0; j <= i; j++) {
                mean[i * inputs + j] = second[i * inputs + j] / tokens;
                mean[j * inputs + i] = mean[i * inputs + j];
            }
        }
        return mean;
    }

    /** {@code C / tokens}, {@code [K, K]}, or null. */
    double @Nullable [] shift() {
        return mean(shift);
    }

    /** {@code R / tokens}, {@code [hidden, K]}, or null. */
    double @Nullable [] residual() {
        return mean(residual);
    }

    private double @Nullable [] mean(double @Nullable [] sum) {
        if (sum == null) {
            return null;
        }
        double[] mean = new double[sum.length];
        for (int i = 0; i < sum.length; i++) {
            mean[i] = sum[i] / tokens;
        }
        return mean;
    }
}
