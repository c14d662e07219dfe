package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.quantize.reparameterization.NativeAlgebra.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What fits need to know of the inputs of layers that share them, summed over all calibration tokens t:
 * {@code H = Σ x·xᵀ} and, where the original model is aimed at, {@code C = Σ (x_o − x)·xᵀ} or {@code R = Σ m·xᵀ}, with
 * x the inputs as reparameterized, x_o those of the original model, and m what is missing of a layer's outputs.
 *
 * <p>Centered, all are about the means of their factors, which is what is left for weights to do when a bias
 * takes care of the means.
 *
 * <p>Products of {@value #TOKENS} tokens are float, their sum is double: float alone loses digits over long sums. Tiles
 * of the result are summed each by one thread in the tokens' order, so the result does not depend on the threads.
 */
final class InputMoments {

    /** Tokens of one float product. */
    private static final int TOKENS = 1024;

    /** Rows and columns of a product's result: as much as keeps it within milliseconds, for which garbage waits. */
    private static final int TILE_ROWS = 256;

    private static final int TILE_COLUMNS = 1024;

    /** Columns whose plain sums are one thread's work. */
    private static final int SUM_COLUMNS = 128;

    private final int inputs;
    private final int outputs;
    private double[] second;
    private double @Nullable [] shift;
    private double @Nullable [] residual;
    private final boolean centered;
    private final double[] sum;
    private final double[] shiftSum;
    private final double[] residualSum;
    private final List<Tile> tiles = new ArrayList<>();
    private float[][] products = {};
    private long tokens;

    private enum Factor {
        X,
        ORIGINAL_MINUS_X,
        MISSING_OUTPUT
    }

    /** Part of one of the sums: rows by the left factor's columns, columns by those of x. */
    private record Tile(Factor left, int fromRow, int rows, int fromColumn, int columns) {}

    /**
     * @param inputs K
     * @param shifted whether C is wanted
     * @param outputs N, 0 if R is not wanted
     * @param centered whether moments are about the means, for layers whose bias makes up for these
     */
    InputMoments(int inputs, boolean shifted, int outputs, boolean centered) {
        this.inputs = inputs;
        this.outputs = outputs;
        second = new double[Math.multiplyExact(inputs, inputs)];
        shift = shifted ? new double[second.length] : null;
        residual = outputs > 0 ? new double[Math.multiplyExact(outputs, inputs)] : null;
        this.centered = centered;
        sum = new double[inputs];
        shiftSum = new double[shifted ? inputs : 0];
        residualSum = new double[outputs];
        cut(Factor.X, inputs);
        cut(Factor.ORIGINAL_MINUS_X, shiftSum.length);
        cut(Factor.MISSING_OUTPUT, outputs);
    }

    private void cut(Factor left, int width) {
        if (width == 0) {
            return;
        }
        // Bands of one height, so that no thread is left with a sliver.
        int height = Math.ceilDiv(width, Math.ceilDiv(width, TILE_ROWS));
        for (int row = 0; row < width; row += height) {
            int rows = Math.min(height, width - row);
            // H is symmetric: of it only what is on and below the diagonal.
            int end = left == Factor.X ? row + rows : inputs;
            for (int column = 0; column < end; column += TILE_COLUMNS) {
                tiles.add(new Tile(left, row, rows, column, Math.min(TILE_COLUMNS, end - column)));
            }
        }
    }

    /**
     * Adds a batch.
     *
     * @param x {@code [count, K]}
     * @param originalMinusX {@code x_o − x}, {@code [count, K]}; ignored if C is not wanted
     * @param missingOutput m, {@code [count, outputs]}; ignored if R is not wanted
     */
    void add(float[] x, float[] originalMinusX, float[] missingOutput, int count, KernelContext context) {
        if (products.length < context.threads()) {
            products = new float[context.threads()][];
        }
        context.parallelFor(tiles.size(), (index, worker) -> {
            Tile tile = tiles.get(index);
            float[] left = switch (tile.left()) {
                case X -> x;
                case ORIGINAL_MINUS_X -> originalMinusX;
                case MISSING_OUTPUT -> missingOutput;
            };
            addTile(tile, left, x, count, worker);
        });
        if (centered) {
            addSums(x, originalMinusX, missingOutput, count, context);
        }
        tokens += count;
    }

    private void addSums(float[] x, float[] originalMinusX, float[] missingOutput, int count, KernelContext context) {
        int across = Math.ceilDiv(inputs, SUM_COLUMNS);
        int shiftTiles = Math.ceilDiv(shiftSum.length, SUM_COLUMNS);
        int residualTiles = Math.ceilDiv(residualSum.length, SUM_COLUMNS);
        context.parallelFor(across + shiftTiles + residualTiles, (tile, _) -> {
            if (tile < across) {
                addColumns(x, tile, count, sum);
            } else if (tile < across + shiftTiles) {
                addColumns(originalMinusX, tile - across, count, shiftSum);
            } else {
                addColumns(missingOutput, tile - across - shiftTiles, count, residualSum);
            }
        });
    }

    private static void addColumns(float[] values, int tile, int count, double[] sums) {
        int width = sums.length;
        int end = Math.min(width, (tile + 1) * SUM_COLUMNS);
        for (int t = 0; t < count; t++) {
            for (int k = tile * SUM_COLUMNS; k < end; k++) {
                sums[k] += values[t * width + k];
            }
        }
    }

    /** {@code sum[tile] += leftᵀ·x} over the batch's tokens. */
    private void addTile(Tile tile, float[] left, float[] x, int count, int worker) {
        double[] sum = sumOf(tile.left());
        int width = tile.left() == Factor.MISSING_OUTPUT ? outputs : inputs;
        int rows = tile.rows();
        int columns = tile.columns();
        float[] product = products[worker];
        if (product == null || product.length < rows * columns) {
            product = new float[rows * columns];
            products[worker] = product;
        }
        for (int first = 0; first < count; first += TOKENS) {
            NativeAlgebra.multiply(
                    true,
                    false,
                    rows,
                    columns,
                    Math.min(TOKENS, count - first),
                    1,
                    new Matrix(left, first * width + tile.fromRow(), width),
                    new Matrix(x, first * inputs + tile.fromColumn(), inputs),
                    0,
                    new Matrix(product, 0, columns));
            for (int r = 0; r < rows; r++) {
                addRow(product, r * columns, sum, (tile.fromRow() + r) * inputs + tile.fromColumn(), columns);
            }
        }
    }

    private static void addRow(float[] product, int from, double[] sum, int to, int count) {
        for (int c = 0; c < count; c++) {
            sum[to + c] += product[from + c];
        }
    }

    private double[] sumOf(Factor left) {
        double @Nullable [] sum = switch (left) {
            case X -> second;
            case ORIGINAL_MINUS_X -> shift;
            case MISSING_OUTPUT -> residual;
        };
        return Objects.requireNonNull(sum);
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
        if (isSilent(mean)) {
            // An expert that no token went to, or inputs that are always 0: what is left to fit are the weights.
            for (int i = 0; i < inputs; i++) {
                mean[i * inputs + i] = 1;
            }
        }
        return mean;
    }

    private boolean isSilent(double[] mean) {
        for (int i = 0; i < inputs; i++) {
            if (mean[i * inputs + i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** {@code C / tokens}, {@code [K, K]}, or null; centered as H is; float, for products. */
    float @Nullable [] shift() {
        return shift == null ? null : mean(shift, shiftSum);
    }

    /** {@code R / tokens}, {@code [N, K]}, or null; centered as H is; float, for products. */
    float @Nullable [] residual() {
        return residual == null ? null : mean(residual, residualSum);
    }

    private float[] mean(double[] products, double[] sums) {
        float[] mean = new float[products.length];
        double[] about = about();
        for (int i = 0; i < sums.length; i++) {
            for (int j = 0; j < inputs; j++) {
                mean[i * inputs + j] = (float) ((products[i * inputs + j] - sums[i] * about[j]) / tokens);
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

    /** Gives up the sums, the largest arrays of a fit, when all is known that is wanted of them; the means stay. */
    void release() {
        second = new double[0];
        shift = null;
        residual = null;
    }

    /** The means that biases make up for, or null if the moments are not centered. */
    @Nullable
    InputMeans means() {
        return centered ? new InputMeans(means(sum), means(shiftSum), means(residualSum)) : null;
    }
}
