package io.shiftadd.quantize.backward;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.AttentionShape;
import io.shiftadd.model.HeadView;
import io.shiftadd.model.VectorMath;
import io.shiftadd.quantize.reparameterization.NativeAlgebra;
import io.shiftadd.quantize.reparameterization.NativeAlgebra.Matrix;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * Causal attention of whole sequences and its gradient.
 *
 * <p>{@code s = scale·q·k}, soft-capped to {@code c·tanh(s/c)} where there is a cap, plus {@code slope·j} for key j
 * (ALiBi); {@code p = softmax(s)} over the keys that a token sees; {@code o = Σ p·v}. Backward, with
 * {@code dp = do·v}: {@code ds = p·(dp − Σ p·dp)}, times {@code 1 − tanh²(s/c)}; {@code dq = scale·Σ ds·k},
 * {@code dk = scale·Σ ds·q}, {@code dv = Σ p·do}. Probabilities are made again from the logarithm of their sum, so that
 * only a tile of them is in memory.
 *
 * <p>A key head of a sequence is one thread's work, with all heads that share it, so sums have one order.
 */
final class AttentionPass {

    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;

    /** Queries of a tile. */
    private static final int ROWS = 128;

    private final AttentionShape shape;
    private final float[][] scores;
    private final float[][] gradients;
    private final float[][] capSlopes;

    AttentionPass(AttentionShape shape, int threads) {
        this.shape = shape;
        scores = new float[threads][0];
        gradients = new float[threads][0];
        capSlopes = new float[threads][0];
    }

    /**
     * @param q queries as the shape's view says; k and v likewise, all three may be one array
     * @param out {@code [tokens, heads·headDim]}, overwritten
     * @param logSums {@code [heads, tokens]}, overwritten: what {@link #backward} wants
     */
    void forward(
            float[] q,
            float[] k,
            float[] v,
            float[] out,
            float[] logSums,
            int sequences,
            int length,
            KernelContext context) {
        int d = shape.headDim();
        int tokens = sequences * length;
        int width = shape.heads() * d;
        context.parallelFor(sequences * shape.kvHeads(), (index, worker) -> {
            int first = index / shape.kvHeads() * length;
            int kvHead = index % shape.kvHeads();
            float[] p = buffer(scores, worker, length);
            for (int head = kvHead * shape.group(); head < (kvHead + 1) * shape.group(); head++) {
                for (int row = 0; row < length; row += ROWS) {
                    int rows = Math.min(ROWS, length - row);
                    int from = firstKey(row);
                    int keys = row + rows - from;
                    product(
                            true,
                            rows,
                            keys,
                            d,
                            shape.scale(),
                            q,
                            shape.queryView(),
                            first + row,
                            head,
                            k,
                            shape.keyView(),
                            first + from,
                            kvHead,
                            p);
                    for (int r = 0; r < rows; r++) {
                        int visible = firstKey(row + r);
                        logSums[head * tokens + first + row + r] =
                                softmax(p, r * keys, visible - from, row + r + 1 - from, keys, from, head);
                    }
                    NativeAlgebra.multiply(
                            false,
                            false,
                            rows,
                            d,
                            keys,
                            1,
                            new Matrix(p, 0, keys),
                            matrix(v, shape.valueView(), first + from, kvHead),
                            0,
                            new Matrix(out, (first + row) * width + head * d, width));
                }
            }
        });
    }

    /**
     * @param logSums of {@link #forward}
     * @param dOut {@code [tokens, heads·headDim]}
     * @param dq gets the gradient where the shape's views say; as do dk and dv, all three may be one array, zero before
     */
    void backward(
            float[] q,
            float[] k,
            float[] v,
            float[] logSums,
            float[] dOut,
            float[] dq,
            float[] dk,
            float[] dv,
            int sequences,
            int length,
            KernelContext context) {
        int d = shape.headDim();
        int tokens = sequences * length;
        int width = shape.heads() * d;
        HeadView outputs = new HeadView(width, d, 0);
        context.parallelFor(sequences * shape.kvHeads(), (index, worker) -> {
            int first = index / shape.kvHeads() * length;
            int kvHead = index % shape.kvHeads();
            float[] p = buffer(scores, worker, length);
            float[] ds = buffer(gradients, worker, length);
            float[] slopes = shape.softCap() > 0 ? buffer(capSlopes, worker, length) : null;
            for (int head = kvHead * shape.group(); head < (kvHead + 1) * shape.group(); head++) {
                for (int row = 0; row < length; row += ROWS) {
                    int rows = Math.min(ROWS, length - row);
                    int from = firstKey(row);
                    int keys = row + rows - from;
                    product(
                            true,
                            rows,
                            keys,
                            d,
                            shape.scale(),
                            q,
                            shape.queryView(),
                            first + row,
                            head,
                            k,
                            shape.keyView(),
                            first + from,
                            kvHead,
                            p);
                    product(
                            true,
                            rows,
                            keys,
                            d,
                            1,
                            dOut,
                            outputs,
                            first + row,
                            head,
                            v,
                            shape.valueView(),
                            first + from,
                            kvHead,
                            ds);
                    for (int r = 0; r < rows; r++) {
                        int begin = firstKey(row + r) - from;
                        int end = row + r + 1 - from;
                        float logSum = logSums[head * tokens + first + row + r];
                        probabilities(p, slopes, r * keys, begin, end, keys, from, head, logSum);
                        softmaxGradient(p, slopes, ds, r * keys, begin, end, keys);
                    }
                    NativeAlgebra.multiply(
                            false,
                            false,
                            rows,
                            d,
                            keys,
                            shape.scale(),
                            new Matrix(ds, 0, keys),
                            matrix(k, shape.keyView(), first + from, kvHead),
                            0,
                            matrix(dq, shape.queryView(), first + row, head));
                    NativeAlgebra.multiply(
                            true,
                            false,
                            keys,
                            d,
                            rows,
                            shape.scale(),
                            new Matrix(ds, 0, keys),
                            matrix(q, shape.queryView(), first + row, head),
                            1,
                            matrix(dk, shape.keyView(), first + from, kvHead));
                    NativeAlgebra.multiply(
                            true,
                            false,
                            keys,
                            d,
                            rows,
                            1,
                            new Matrix(p, 0, keys),
                            matrix(dOut, outputs, first + row, head),
                            1,
                            matrix(dv, shape.valueView(), first + from, kvHead));
                }
            }
        });
    }

    private int firstKey(int position) {
        return Math.max(0, position - shape.window() + 1);
    }

    private static float[] buffer(float[][] buffers, int worker, int length) {
        int wanted = ROWS * length;
        if (buffers[worker].length < wanted) {
            buffers[worker] = new float[wanted];
        }
        return buffers[worker];
    }

    private static Matrix matrix(float[] array, HeadView view, int token, int head) {
        return new Matrix(array, view.at(token, head), view.tokenStride());
    }

    /** {@code target[rows, keys] = scale·a·bᵀ} of two heads' vectors. */
    private static void product(
            boolean transposed,
            int rows,
            int keys,
            int d,
            float scale,
            float[] a,
            HeadView aView,
            int aToken,
            int aHead,
            float[] b,
            HeadView bView,
            int bToken,
            int bHead,
            float[] target) {
        NativeAlgebra.multiply(
                false,
                transposed,
                rows,
                keys,
                d,
                scale,
                matrix(a, aView, aToken, aHead),
                matrix(b, bView, bToken, bHead),
                0,
                new Matrix(target, 0, keys));
    }

    /**
     * Turns a row of scores into probabilities, zero where the token does not see.
     *
     * @param begin first key that it sees, and end, in the row
     * @param firstKey position of the row's first key
     * @return the logarithm of the sum
     */
    private float softmax(float[] row, int at, int begin, int end, int keys, int firstKey, int head) {
        if (shape.softCap() > 0) {
            cap(row, at + begin, at + end);
        }
        float[] slopes = shape.slopes();
        if (slopes != null) {
            for (int j = begin; j < end; j++) {
                row[at + j] += slopes[head] * (firstKey + j);
            }
        }
        float greatest = greatest(row, at + begin, at + end);
        double sum = exponentials(row, at + begin, at + end, greatest);
        float factor = (float) (1 / sum);
        for (int j = at + begin; j < at + end; j++) {
            row[j] *= factor;
        }
        Arrays.fill(row, at, at + begin, 0);
        Arrays.fill(row, at + end, at + keys, 0);
        return (float) (greatest + Math.log(sum));
    }

    private void probabilities(
            float[] row,
            float @Nullable [] capSlope,
            int at,
            int begin,
            int end,
            int keys,
            int firstKey,
            int head,
            float logSum) {
        if (capSlope != null) {
            cap(row, at + begin, at + end);
            float inverse = 1 / shape.softCap();
            for (int j = at + begin; j < at + end; j++) {
                float tanh = row[j] * inverse;
                capSlope[j] = 1 - tanh * tanh;
            }
        }
        float[] slopes = shape.slopes();
        if (slopes != null) {
            for (int j = begin; j < end; j++) {
                row[at + j] += slopes[head] * (firstKey + j);
            }
        }
        exponentials(row, at + begin, at + end, logSum);
        Arrays.fill(row, at, at + begin, 0);
        Arrays.fill(row, at + end, at + keys, 0);
    }

    /** {@code ds = p·(dp − Σ p·dp)·capSlope}, in place of dp. */
    private static void softmaxGradient(
            float[] p, float @Nullable [] capSlope, float[] ds, int at, int begin, int end, int keys) {
        FloatVector along = FloatVector.zero(SPECIES);
        for (int j = at + begin; j < at + end; j += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(j, at + end);
            along = FloatVector.fromArray(SPECIES, p, j, mask).fma(FloatVector.fromArray(SPECIES, ds, j, mask), along);
        }
        float mean = VectorMath.sum(along);
        for (int j = at + begin; j < at + end; j++) {
            ds[j] = p[j] * (ds[j] - mean);
        }
        if (capSlope != null) {
            for (int j = at + begin; j < at + end; j++) {
                ds[j] *= capSlope[j];
            }
        }
        Arrays.fill(ds, at, at + begin, 0);
        Arrays.fill(ds, at + end, at + keys, 0);
    }

    private void cap(float[] row, int from, int to) {
        for (int i = from; i < to; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, to);
            VectorMath.softCap(FloatVector.fromArray(SPECIES, row, i, mask), shape.softCap())
                    .intoArray(row, i, mask);
        }
    }

    static float greatest(float[] row, int from, int to) {
        FloatVector greatest = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        for (int i = from; i < to; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, to);
            greatest = greatest.lanewise(VectorOperators.MAX, FloatVector.fromArray(SPECIES, row, i, mask), mask);
        }
        return greatest.reduceLanes(VectorOperators.MAX);
    }

    /** {@code row = e^(row − less)}; their sum, always in the same order. */
    static double exponentials(float[] row, int from, int to, float less) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = from; i < to; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, to);
            FloatVector e =
                    VectorMath.exp(FloatVector.fromArray(SPECIES, row, i, mask).sub(less));
            e.intoArray(row, i, mask);
            sum = sum.add(e, mask);
        }
        return VectorMath.sum(sum);
    }
}
