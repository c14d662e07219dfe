package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.quantize.reparameterization.NativeAlgebra.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * What fits need to know of the inputs of layers that share them, summed over all calibration tokens t:
 * {@code H = Σ x·xᵀ}, {@code C = Σ (x_o − x)·xᵀ} and {@code R = Σ (h_o − h)·xᵀ}, with x the inputs as reparameterized,
 * x_o those of the original model, and h, h_o the hidden states to which the layer's output is added.
 *
 * <p>Centered, all three are about the means of their factors, which is what is left for weights to do when a bias
 * takes care of the means.
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
    private final boolean centered;
    private final double[] sum;
    private final double[] shiftSum;
    private final double[] residualSum;
    private long tokens;

    /**
     * @param inputs K
     * @param shifted whether C is wanted
     * @param hidden size of the hidden states, 0 if R is not wanted
     * @param centered whether moments are about the means, for layers whose bias makes up for these
     */
    InputMoments(int inputs, boolean shifted, int hidden, boolean centered) {
        this.inputs = inputs;
        this.hidden = hidden;
        second = new double[Math.multiplyExact(inputs, inputs)];
        shift = shifted ? new double[second.length] : null;
        residual = hidden > 0 ? new double[Math.multiplyExact(hidden, inputs)] : null;
        this.centered = centered;
        sum = new double[inputs];
        shiftSum = new double[shifted ? inputs : 0];
        residualSum = new double[hidden];
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
        addSums(x, originalMinusX, originalMinusHidden, count, context);
        tokens += count;
    }

    private void addSums(
            float[] x, float[] originalMinusX, float[] originalMinusHidden, int count, KernelContext context) {
        int across = Math.ceilDiv(inputs, TILE);
        int shiftTiles = Math.ceilDiv(shiftSum.length, TILE);
        int residualTiles = Math.ceilDiv(residualSum.length, TILE);
        context.parallelFor(across + shiftTiles + residualTiles, (tile, _) -> {
            if (tile < across) {
                addColumns(x, tile, count, sum);
            } else if (tile < across + shiftTiles) {
                addColumns(originalMinusX, tile - across, count, shiftSum);
            } else {
                addColumns(originalMinusHidden, tile - across - shiftTiles, count, residualSum);
            }
        });
    }

    private static void addColumns(float[] values, int tile, int count, double[] sums) {
        int width = sums.length;
        int end = Math.min(width, (tile + 1) * TILE);
        for (int t = 0; t < count; t++) {
            for (int k = tile * TILE; k < end; k++) {
                sums[k] += values[t * width + k];
            }
        }
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

    /** {@code H / tokens}, symmetric {@code [K, K]}; less {@code mean·meanᵀ} if centered. */
    double[] hessian() {
        double[] mean = new double[second.length];
        double[] about = about();
        // Only tiles on and below the diagonal were summed.
        for (int i = 0; i < inputs; i++) {
            for (int j = 0; j <= i; j++) {
                mean[i * inputs + j] = second[i * inputs + j] / tokens - about[i] * about[j];
                mean[j * inputs + i] = mean[i * inputs + j];
            }
        }
        return mean;
    }

    /** {@code C / tokens}, {@code [K, K]}, or null; centered as H is. */
    double @Nullable [] shift() {
        return shift == null ? null : mean(shift, shiftSum);
    }

    /** {@code R / tokens}, {@code [hidden, K]}, or null; centered as H is. */
    double @Nullable [] residual() {
        return residual == null ? null : mean(residual, residualSum);
    }

    private double[] mean(double[] products, double[] sums) {
        double[] mean = new double[products.length];
        double[] about = about();
        for (int i = 0; i < sums.length; i++) {
            for (int j = 0; j < inputs; j++) {
                mean[i * inputs + j] = (products[i * inputs + j] - sums[i] * about[j]) / tokens;
            }
        }
        return mean;
    }

    private double[] about() {
        return centered ? means(sum) : new double[inputs];
    }

    private double[] means(double[] sums) {
        double[] means = new double[sums.length];
        for (int i = 0; i < means.length; i++) {
            means[i] = sums[i] / tokens;
        }
        return means;
    }

    /** The means that biases make up for, or null if the moments are not centered. */
    @Nullable
    InputMeans means() {
        return centered ? new InputMeans(means(sum), means(shiftSum), means(residualSum)) : null;
    }
}
