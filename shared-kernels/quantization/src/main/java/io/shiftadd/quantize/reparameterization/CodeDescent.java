package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.quantize.reparameterization.NativeAlgebra.Matrix;
import java.util.concurrent.atomic.LongAdder;

/**
 * Coordinate descent on the signs with the scales fixed: weight by weight, the level that makes
 * {@code (ŵ − w)·H·(ŵ − w)ᵀ} of its row least, all other weights as they are. Never raises the loss.
 *
 * <p>With {@code g = (ŵ − w)·H} the best real value of a weight is {@code ŵ_k − g_k/H_kk}; it takes the nearest level,
 * and a change δ adds {@code δ·H_k,:} to g. Rows are independent of each other and run in parallel; all float.
 */
final class CodeDescent {

    private static final int ROWS_A_CHUNK = 8;
    private static final int ROWS_A_PRODUCT = 64;

    private final ScaleGroups scales;
    private final PreparedHessian hessian;
    private final int ranks;

    // [rowGroup, column group, rank]: tables of all groups, so that a row's loop only reads.
    private float[] levels = {};
    private float[] thresholds = {};
    private byte[] codesOfRank = {};
    private float[] valuesOfCode = {};

    CodeDescent(ScaleGroups scales, PreparedHessian hessian) {
        this.scales = scales;
        this.hessian = hessian;
        ranks = 1 << scales.bits();
    }

    /**
     * Sweeps over all columns of all rows until nothing changes, at most {@code sweeps} times.
     *
     * @param weights ŵ, {@code [N, K]} in processing order, as the last {@link #rescale} left it; changed
     * @param codes {@code [N, K]}; changed
     * @param gradient {@code (ŵ − w)·H}, {@code [N, K]}; kept up to date
     * @return changes made
     */
    long run(int sweeps, float[] weights, byte[] codes, float[] gradient, KernelContext context) {
        LongAdder changes = new LongAdder();
        int chunks = Math.ceilDiv(scales.outputs(), ROWS_A_CHUNK);
        context.parallelFor(chunks, (chunk, _) -> {
            int from = chunk * ROWS_A_CHUNK;
            int rows = Math.min(ROWS_A_CHUNK, scales.outputs() - from);
            boolean[] settled = new boolean[rows];
            for (int sweep = 0; sweep < sweeps; sweep++) {
                int changed = sweep(from, settled, weights, codes, gradient);
                changes.add(changed);
                if (changed == 0) {
                    break;
                }
            }
        });
        return changes.sum();
    }

    /** One sweep over the rows that are not settled: a row of H serves them all while it is in the cache. */
    private int sweep(int from, boolean[] settled, float[] weights, byte[] codes, float[] gradient) {
        int[] changes = new int[settled.length];
        for (int k = 0; k < scales.inputs(); k++) {
            for (int r = 0; r < settled.length; r++) {
                if (!settled[r] && improve(from + r, k, weights, codes, gradient)) {
                    changes[r]++;
                }
            }
        }
        int all = 0;
        for (int r = 0; r < settled.length; r++) {
            settled[r] = changes[r] == 0;
            all += changes[r];
        }
        return all;
    }

    /** Gives one weight its best level; whether that is another one. */
    private boolean improve(int n, int k, float[] weights, byte[] codes, float[] gradient) {
        int inputs = scales.inputs();
        int row = n * inputs;
        float[] h = hessian.values();
        int table = n / scales.shape().rowsPerGroup() * scales.columnGroups() + scales.columnGroup(k);
        float wanted = weights[row + k] - gradient[row + k] / h[k * inputs + k];
        int rank = 0;
        for (int t = table * (ranks - 1); t < (table + 1) * (ranks - 1); t++) {
            rank += wanted >= thresholds[t] ? 1 : 0;
        }
        float delta = levels[table * ranks + rank] - weights[row + k];
        if (delta == 0) {
            return false;
        }
        weights[row + k] = levels[table * ranks + rank];
        codes[row + k] = codesOfRank[table * ranks + rank];
        addScaled(delta, h, k * inputs, gradient, row, inputs);
        return true;
    }

    private static void addScaled(float factor, float[] from, int at, float[] to, int offset, int count) {
        for (int j = 0; j < count; j++) {
            to[offset + j] += factor * from[at + j];
        }
    }

    private void fillTables() {
        int groups = scales.bitStride();
        levels = new float[groups * ranks];
        thresholds = new float[groups * (ranks - 1)];
        codesOfRank = new byte[groups * ranks];
        valuesOfCode = new float[groups * ranks];
        LevelTable table = new LevelTable(scales.bits());
        for (int group = 0; group < groups; group++) {
            table.fill(scales.alphas(), group, groups);
            for (int rank = 0; rank < ranks; rank++) {
                levels[group * ranks + rank] = table.level(rank);
                codesOfRank[group * ranks + rank] = table.code(rank);
                valuesOfCode[group * ranks + table.code(rank)] = table.level(rank);
                if (rank > 0) {
                    thresholds[group * (ranks - 1) + rank - 1] = table.threshold(rank - 1);
                }
            }
        }
    }

    /**
     * Makes {@code ŵ} and {@code g} from nothing.
     *
     * @param weights receives ŵ, {@code [N, K]} in processing order
     * @param target w
     * @return {@code (ŵ − w)·H}, {@code [N, K]}
     */
    float[] begin(float[] weights, byte[] codes, float[] target, KernelContext context) {
        float[] gradient = new float[weights.length];
        System.arraycopy(target, 0, weights, 0, weights.length);
        rescale(0, scales.inputs(), weights, codes, gradient, context);
        return gradient;
    }

    /** Brings {@code ŵ} of the columns {@code first..end} to what codes and scales give, and {@code g} after it. */
    void rescale(int first, int end, float[] weights, byte[] codes, float[] gradient, KernelContext context) {
        fillTables();
        int inputs = scales.inputs();
        int span = end - first;
        context.parallelFor(Math.ceilDiv(scales.outputs(), ROWS_A_PRODUCT), (chunk, _) -> {
            int from = chunk * ROWS_A_PRODUCT;
            int rows = Math.min(ROWS_A_PRODUCT, scales.outputs() - from);
            float[] change = new float[rows * span];
            for (int r = 0; r < rows; r++) {
                rescaleRow(from + r, first, end, weights, codes, change, r * span);
            }
            NativeAlgebra.multiply(
                    false,
                    false,
                    rows,
                    inputs,
                    span,
                    1,
                    new Matrix(change, 0, span),
                    new Matrix(hessian.values(), first * inputs, inputs),
                    1,
                    new Matrix(gradient, from * inputs, inputs));
        });
    }

    private void rescaleRow(int n, int first, int end, float[] weights, byte[] codes, float[] change, int at) {
        int row = n * scales.inputs();
        int group = n / scales.shape().rowsPerGroup() * scales.columnGroups();
        for (int k = first; k < end; k++) {
            float value = valuesOfCode[(group + scales.columnGroup(k)) * ranks + codes[row + k]];
            change[at + k - first] = value - weights[row + k];
            weights[row + k] = value;
        }
    }
}
