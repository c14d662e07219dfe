package io.shiftadd.model.attention;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.angular.CodeProducts;
import io.shiftadd.kernel.species.KernelSpecies;
import io.shiftadd.model.cache.TokenBatch;
import io.shiftadd.model.layers.VectorMath;
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * Linear-angular attention over binary codes, of every head by itself, q, k, v {@code [N, d]}:
 *
 * <pre>
 * Q[t, b] = q[t, b]/‖q[t]‖ > threshold of queries[b], K likewise; d bits each
 * A = KᵀV;  x = ½V + QA/π;  x ← x/‖x‖ for each token;  x += Σ_j c[j]·V[t + j − 4], nine taps along the tokens
 * </pre>
 *
 * No softmax, and work that grows with N instead of its square. Float throughout; A is summed in parts of {@link #PART}
 * tokens, always the same, so that the bits do not depend on the number of threads. Source: ShiftAddViT (arXiv
 * 2306.06446), with fixed thresholds instead of means over a batch, in which one image's result would depend on others.
 */
public final class AngularAttention implements KernelContext.ChunkTask {

    /** Taps of the convolution. */
    public static final int TAPS = 9;

    /** Tokens whose values are summed by one thread. */
    private static final int PART = 256;

    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;
    private static final int LANES = VectorMath.LANES;
    private static final float HALF = 0.5f;
    private static final float INVERSE_PI = (float) (1 / Math.PI);
    private static final float[] NONE = {};

    /**
     * What a block has for it.
     *
     * @param queryThresholds {@code [heads, d]}, as {@code keyThresholds}
     * @param convolution {@code [heads, TAPS]}
     */
    public record Parameters(
            int heads, int headDim, float[] queryThresholds, float[] keyThresholds, float[] convolution) {}

    private final CodeProducts products = CodeProducts.of(KernelSpecies.active());
    private final float[][] totals; // of each thread: A, whole
    private @Nullable Parameters parameters;
    private float[] queries = NONE;
    private float[] keys = NONE;
    private float[] values = NONE;
    private float[] result = NONE;
    private long[] queryCodes = {}; // [heads, tokens]
    private long[] keyCodes = {};
    private float[] sums = NONE; // [parts, heads, d, d]
    private int tokens;
    private int parts;

    /** Of each part: its first token and the one behind its last; the same of its sequence. */
    private int[] from = {};

    private int[] to = {};
    private int[] sequenceFrom = {};
    private int[] sequenceTo = {};
    private boolean summing;

    public AngularAttention(int threads) {
        totals = new float[threads][];
        Arrays.fill(totals, NONE);
    }

    /**
     * @param batch whose segments are the sequences
     * @param queries {@code [tokens, heads·d]}, as keys and values; not changed
     * @param result {@code [tokens, heads·d]}, overwritten
     */
    public void run(
            Parameters parameters,
            TokenBatch batch,
            float[] queries,
            float[] keys,
            float[] values,
            float[] result,
            KernelContext context) {
        this.parameters = parameters;
        this.queries = queries;
        this.keys = keys;
        this.values = values;
        this.result = result;
        layOut(batch, parameters);
        int chunks = Math.multiplyExact(parts, parameters.heads());
        summing = true;
        context.parallelFor(chunks, this);
        summing = false;
        context.parallelFor(chunks, this);
        this.parameters = null;
    }

    private void layOut(TokenBatch batch, Parameters p) {
        List<TokenBatch.Segment> segments = batch.segments();
        tokens = batch.tokens();
        parts = 0;
        for (TokenBatch.Segment segment : segments) {
            parts += Math.ceilDiv(segment.count(), PART);
        }
        if (from.length < parts) {
            from = new int[parts];
            to = new int[parts];
            sequenceFrom = new int[parts];
            sequenceTo = new int[parts];
        }
        if (queryCodes.length < tokens * p.heads()) {
            queryCodes = new long[Math.multiplyExact(tokens, p.heads())];
            keyCodes = new long[queryCodes.length];
        }
        int size = Math.multiplyExact(parts * p.heads(), p.headDim() * p.headDim());
        sums = sums.length < size ? new float[size] : sums;
        int part = 0;
        int first = 0;
        for (TokenBatch.Segment segment : segments) {
            int end = first + segment.count();
            for (int at = first; at < end; at += PART) {
                from[part] = at;
                to[part] = Math.min(at + PART, end);
                sequenceFrom[part] = first;
                sequenceTo[part++] = end;
            }
            first = end;
        }
    }

    @Override
    public void run(int chunk, int worker) {
        Parameters p = parameters;
        if (p == null) {
            return;
        }
        int part = chunk / p.heads();
        int head = chunk % p.heads();
        if (summing) {
            sum(p, part, head);
        } else {
            attend(p, part, head, worker);
        }
    }

    private void sum(Parameters p, int part, int head) {
        int d = p.headDim();
        int width = p.heads() * d;
        for (int t = from[part]; t < to[part]; t++) {
            int at = t * width + head * d;
            queryCodes[head * tokens + t] = code(queries, at, d, p.queryThresholds(), head * d);
            keyCodes[head * tokens + t] = code(keys, at, d, p.keyThresholds(), head * d);
        }
        products.sumByCode(
                keyCodes,
                head * tokens + from[part],
                to[part] - from[part],
                d,
                values,
                from[part] * width + head * d,
                width,
                d,
                sums,
                (part * p.heads() + head) * d * d);
    }

    /**
     * A vector's code: bit b is set where element b, of the vector of length 1, is above its threshold.
     *
     * @param x the vector's d elements from {@code from} on
     * @param thresholds from {@code at} on
     */
    public static long code(float[] x, int from, int d, float[] thresholds, int at) {
        float length = (float) Math.sqrt(squares(x, from, d));
        long code = 0;
        int i = 0;
        for (; i <= d - LANES; i += LANES) {
            FloatVector limit =
                    FloatVector.fromArray(SPECIES, thresholds, at + i).mul(length);
            code |= FloatVector.fromArray(SPECIES, x, from + i)
                            .compare(VectorOperators.GT, limit)
                            .toLong()
                    << i;
        }
        for (; i < d; i++) {
            code |= x[from + i] > thresholds[at + i] * length ? 1L << i : 0;
        }
        return code;
    }

    private static float squares(float[] x, int from, int d) {
        FloatVector sum = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= d - LANES; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, from + i);
            sum = v.fma(v, sum);
        }
        float squares = VectorMath.sum(sum);
        for (; i < d; i++) {
            squares += x[from + i] * x[from + i];
        }
        return squares;
    }

    private void attend(Parameters p, int part, int head, int worker) {
        int d = p.headDim();
        int width = p.heads() * d;
        float[] total = total(p, part, head, worker);
        int at = from[part] * width + head * d;
        products.addByCode(
                queryCodes, head * tokens + from[part], to[part] - from[part], d, total, 0, d, result, at, width);
        for (int t = from[part]; t < to[part]; t++) {
            finish(p, part, head, t, t * width + head * d);
        }
    }

    /** A of the whole sequence: its parts' sums in their order. */
    private float[] total(Parameters p, int part, int head, int worker) {
        int size = p.headDim() * p.headDim();
        if (totals[worker].length < size) {
            totals[worker] = new float[size];
        }
        float[] total = totals[worker];
        int first = part - (from[part] - sequenceFrom[part]) / PART;
        int end = first + Math.ceilDiv(sequenceTo[part] - sequenceFrom[part], PART);
        System.arraycopy(sums, (first * p.heads() + head) * size, total, 0, size);
        for (int other = first + 1; other < end; other++) {
            int source = (other * p.heads() + head) * size;
            for (int i = 0; i < size; i++) {
                total[i] += sums[source + i];
            }
        }
        return total;
    }

    /** From QA at {@code at} to what attention gives: half the value, length 1, the neighbours' values. */
    private void finish(Parameters p, int part, int head, int token, int at) {
        int d = p.headDim();
        int i = 0;
        for (; i <= d - LANES; i += LANES) {
            FloatVector half = FloatVector.fromArray(SPECIES, values, at + i).mul(HALF);
            FloatVector.fromArray(SPECIES, result, at + i)
                    .fma(FloatVector.broadcast(SPECIES, INVERSE_PI), half)
                    .intoArray(result, at + i);
        }
        for (; i < d; i++) {
            result[at + i] = Math.fma(result[at + i], INVERSE_PI, HALF * values[at + i]);
        }
        float squares = squares(result, at, d);
        float inverse = squares == 0 ? 0 : (float) (1 / Math.sqrt(squares));
        int first = Math.max(token - TAPS / 2, sequenceFrom[part]);
        int end = Math.min(token + TAPS / 2 + 1, sequenceTo[part]);
        int tap = head * TAPS + TAPS / 2 - token;
        int width = p.heads() * d;
        for (i = 0; i <= d - LANES; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, result, at + i).mul(inverse);
            for (int other = first; other < end; other++) {
                x = FloatVector.fromArray(SPECIES, values, other * width + head * d + i)
                        .fma(FloatVector.broadcast(SPECIES, p.convolution()[tap + other]), x);
            }
            x.intoArray(result, at + i);
        }
        for (; i < d; i++) {
            float x = result[at + i] * inverse;
            for (int other = first; other < end; other++) {
                x = Math.fma(values[other * width + head * d + i], p.convolution()[tap + other], x);
            }
            result[at + i] = x;
        }
    }
}
