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

    private final ScaleGroups scales;
    private final PreparedHessian hessian;
    private final int ranks;

    // [rowGroup, column group, rank]: tables of all groups, so that a row's loop only reads.
    private float[] levels = {};
    private float[] thresholds = {};
    private byte[] codesOfRank = {};

    CodeDescent(ScaleGroups scales, PreparedHessian hessian) {
        this.scales = scales;
        this.hessian = hessian;
        ranks = 1 << scales.bits();
    }

    /**
     * Sweeps over all columns of all rows until nothing changes, at most {@code sweeps} times.
     *
     * @param weights ŵ, {@code [N, K]} in processing order, equal to what codes and scales give; changed
     * @param codes {@code [N, K]}; changed
     * @param gradient {@code (ŵ − w)·H}, {@code [N, K]}; kept up to date
     * @return changes made
     */
    long run(int sweeps, float[] weights, byte[] codes, float[] gradient, KernelContext context) {
        fillTables();
        LongAdder changes = new LongAdder();
        int chunks = Math.ceilDiv(scales.outputs(), ROWS_A_CHUNK);
        context.parallelFor(chunks, (chunk, _) -> {
            int end = Math.min(scales.outputs(), (chunk + 1) * ROWS_A_CHUNK);
            for (int n = chunk * ROWS_A_CHUNK; n < end; n++) {
                for (int sweep = 0; sweep < sweeps; sweep++) {
                    int changed = sweep(n, weights, codes, gradient);
                    changes.add(changed);
                    if (changed == 0) {
                        break;
                    }
                }
            }
        });
        return changes.sum();
    }

    private int sweep(int n, float[] weights, byte[] codes, float[] gradient) {
        int inputs = scales.inputs();
        int row = n * inputs;
        int group = n / scales.shape().rowsPerGroup() * scales.columnGroups();
        float[] h = hessian.values();
        int changes = 0;
        for (int k = 0; k < inputs; k++) {
            int table = group + scales.columnGroup(k);
            float wanted = weights[row + k] - gradient[row + k] / h[k * inputs + k];
            int rank = 0;
            for (int t = table * (ranks - 1); t < (table + 1) * (ranks - 1); t++) {
                rank += wanted >= thresholds[t] ? 1 : 0;
            }
            float delta = levels[table * ranks + rank] - weights[row + k];
            if (delta != 0) {
                weights[row + k] = levels[table * ranks + rank];
                codes[row + k] = codesOfRank[table * ranks + rank];
                addScaled(delta, h, k * inputs, gradient, row, inputs);
                changes++;
            }
        }
        return changes;
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
        LevelTable table = new LevelTable(scales.bits());
        for (int group = 0; group < groups; group++) {
            table.fill(scales.alphas(), group, groups);
            for (int rank = 0; rank < ranks; rank++) {
                levels[group * ranks + rank] = table.level(rank);
                codesOfRank[group * ranks + rank] = table.code(rank);
                if (rank > 0) {
                    thresholds[group * (ranks - 1) + rank - 1] = table.threshold(rank - 1);
                }
            }
        }
    }

    /** {@code ŵ}, {@code [N, K]} in processing order, of codes and scales. */
    static float[] expand(ScaleGroups scales, byte[] codes) {
        int inputs = scales.inputs();
        float[] weights = new float[codes.length];
        for (int n = 0; n < scales.outputs(); n++) {
            int group = n / scales.shape().rowsPerGroup() * scales.columnGroups();
            for (int k = 0; k < inputs; k++) {
                int offset = group + scales.columnGroup(k);
                int code = codes[n * inputs + k];
                float value = 0;
                for (int i = 0; i < scales.bits(); i++) {
                    float alpha = scales.alphas()[offset + i * scales.bitStride()];
                    value += (code >> i & 1) != 0 ? alpha : -alpha;
                }
                weights[n * inputs + k] = value;
            }
        }
        return weights;
    }

    /** {@code (ŵ − w)·H}, {@code [N, K]}. */
    static float[] gradient(float[] weights, float[] target, PreparedHessian hessian, KernelContext context) {
        int inputs = hessian.size();
        int outputs = weights.length / inputs;
        float[] difference = new float[weights.length];
        float[] gradient = new float[weights.length];
        int rows = 64;
        context.parallelFor(Math.ceilDiv(outputs, rows), (chunk, _) -> {
            int from = chunk * rows;
            int count = Math.min(rows, outputs - from);
            for (int i = from * inputs; i < (from + count) * inputs; i++) {
                difference[i] = weights[i] - target[i];
            }
            NativeAlgebra.multiply(
                    false,
                    false,
                    count,
                    inputs,
                    inputs,
                    1,
                    new Matrix(difference, from * inputs, inputs),
                    new Matrix(hessian.values(), 0, inputs),
                    0,
                    new Matrix(gradient, from * inputs, inputs));
        });
        return gradient;
    }
}
