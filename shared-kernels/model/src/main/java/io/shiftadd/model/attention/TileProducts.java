package io.shiftadd.model.attention;

import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.layers.VectorMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The two products of attention between a tile's rows and one page: {@code scores[r, p] = Σ_d queries[r, d]·keys[d, p]}
 * and {@code sums[r, d] += Σ_p weights[r, p]·values[p, d]}.
 *
 * <p>Every element is one chain of fused multiply-adds in ascending d or p, in its own vector lane: it has the same
 * bits whichever rows are computed beside it. Four rows by two vectors keep eight chains going, as many as the
 * multiply-add units can overlap, with loads shared among the rows.
 */
final class TileProducts {

    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;
    private static final int LANES = VectorMath.LANES;
    private static final int PAGE = KvCache.PAGE;
    private static final int STRIDE = AttentionTile.ROWS;
    private static final int ROWS = 4;

    private TileProducts() {}

    /**
     * @param queries {@code [d, STRIDE]}
     * @param keys {@code [d, PAGE]} from {@code at} on
     * @param count positions needed
     * @param scores {@code [rows, PAGE]}, of these overwritten, of others perhaps
     */
    static void scores(float[] queries, int rows, int d, float[] keys, int at, int count, float[] scores) {
        int r = 0;
        for (; r <= rows - ROWS; r += ROWS) {
            fourScores(queries, r, d, keys, at, count, scores);
        }
        for (; r < rows; r++) {
            oneScore(queries, r, d, keys, at, count, scores);
        }
    }

    private static void fourScores(float[] q, int row, int d, float[] keys, int at, int count, float[] scores) {
        for (int p = 0; p < count; p += 2 * LANES) {
            FloatVector a0 = FloatVector.zero(SPECIES);
            FloatVector a1 = a0;
            FloatVector b0 = a0;
            FloatVector b1 = a0;
            FloatVector c0 = a0;
            FloatVector c1 = a0;
            FloatVector d0 = a0;
            FloatVector d1 = a0;
            for (int i = 0; i < d; i++) {
                FloatVector k0 = FloatVector.fromArray(SPECIES, keys, at + i * PAGE + p);
                FloatVector k1 = FloatVector.fromArray(SPECIES, keys, at + i * PAGE + p + LANES);
                FloatVector a = FloatVector.broadcast(SPECIES, q[i * STRIDE + row]);
                FloatVector b = FloatVector.broadcast(SPECIES, q[i * STRIDE + row + 1]);
                FloatVector c = FloatVector.broadcast(SPECIES, q[i * STRIDE + row + 2]);
                FloatVector e = FloatVector.broadcast(SPECIES, q[i * STRIDE + row + 3]);
                a0 = k0.fma(a, a0);
                a1 = k1.fma(a, a1);
                b0 = k0.fma(b, b0);
                b1 = k1.fma(b, b1);
                c0 = k0.fma(c, c0);
                c1 = k1.fma(c, c1);
                d0 = k0.fma(e, d0);
                d1 = k1.fma(e, d1);
            }
            int to = row * PAGE + p;
            a0.intoArray(scores, to);
            a1.intoArray(scores, to + LANES);
            b0.intoArray(scores, to + PAGE);
            b1.intoArray(scores, to + PAGE + LANES);
            c0.intoArray(scores, to + 2 * PAGE);
            c1.intoArray(scores, to + 2 * PAGE + LANES);
            d0.intoArray(scores, to + 3 * PAGE);
            d1.intoArray(scores, to + 3 * PAGE + LANES);
        }
    }

    private static void oneScore(float[] q, int row, int d, float[] keys, int at, int count, float[] scores) {
        for (int p = 0; p < count; p += 4 * LANES) {
            FloatVector a0 = FloatVector.zero(SPECIES);
            FloatVector a1 = a0;
            FloatVector a2 = a0;
            FloatVector a3 = a0;
            for (int i = 0; i < d; i++) {
                FloatVector a = FloatVector.broadcast(SPECIES, q[i * STRIDE + row]);
                int k = at + i * PAGE + p;
                a0 = FloatVector.fromArray(SPECIES, keys, k).fma(a, a0);
                a1 = FloatVector.fromArray(SPECIES, keys, k + LANES).fma(a, a1);
                a2 = FloatVector.fromArray(SPECIES, keys, k + 2 * LANES).fma(a, a2);
                a3 = FloatVector.fromArray(SPECIES, keys, k + 3 * LANES).fma(a, a3);
            }
            int to = row * PAGE + p;
            a0.intoArray(scores, to);
            a1.intoArray(scores, to + LANES);
            a2.intoArray(scores, to + 2 * LANES);
            a3.intoArray(scores, to + 3 * LANES);
        }
    }

    /**
     * @param weights {@code [rows, PAGE]}; only positions {@code from .. to} count
     * @param values {@code [PAGE, width]} from {@code at} on
     * @param sums {@code [rows, width]}, added to
     * @param width a multiple of the vector length
     */
    static void addWeighted(
            float[] weights, int rows, int from, int to, float[] values, int at, float[] sums, int width) {
        int r = 0;
        for (; r <= rows - ROWS; r += ROWS) {
            int column = 0;
            for (; column <= width - 2 * LANES; column += 2 * LANES) {
                fourByTwo(weights, r, from, to, values, at + column, sums, r * width + column, width);
            }
            for (; column < width; column += LANES) {
                for (int i = r; i < r + ROWS; i++) {
                    oneByOne(weights, i, from, to, values, at + column, sums, i * width + column, width);
                }
            }
        }
        for (; r < rows; r++) {
            int column = 0;
            for (; column <= width - 4 * LANES; column += 4 * LANES) {
                oneByFour(weights, r, from, to, values, at + column, sums, r * width + column, width);
            }
            for (; column < width; column += LANES) {
                oneByOne(weights, r, from, to, values, at + column, sums, r * width + column, width);
            }
        }
    }

    private static void fourByTwo(
            float[] weights, int row, int from, int to, float[] values, int at, float[] sums, int out, int width) {
        FloatVector a0 = FloatVector.fromArray(SPECIES, sums, out);
        FloatVector a1 = FloatVector.fromArray(SPECIES, sums, out + LANES);
        FloatVector b0 = FloatVector.fromArray(SPECIES, sums, out + width);
        FloatVector b1 = FloatVector.fromArray(SPECIES, sums, out + width + LANES);
        FloatVector c0 = FloatVector.fromArray(SPECIES, sums, out + 2 * width);
        FloatVector c1 = FloatVector.fromArray(SPECIES, sums, out + 2 * width + LANES);
        FloatVector d0 = FloatVector.fromArray(SPECIES, sums, out + 3 * width);
        FloatVector d1 = FloatVector.fromArray(SPECIES, sums, out + 3 * width + LANES);
        int w = row * PAGE;
        for (int p = from; p < to; p++) {
            FloatVector v0 = FloatVector.fromArray(SPECIES, values, at + p * width);
            FloatVector v1 = FloatVector.fromArray(SPECIES, values, at + p * width + LANES);
            FloatVector a = FloatVector.broadcast(SPECIES, weights[w + p]);
            FloatVector b = FloatVector.broadcast(SPECIES, weights[w + PAGE + p]);
            FloatVector c = FloatVector.broadcast(SPECIES, weights[w + 2 * PAGE + p]);
            FloatVector d = FloatVector.broadcast(SPECIES, weights[w + 3 * PAGE + p]);
            a0 = v0.fma(a, a0);
            a1 = v1.fma(a, a1);
            b0 = v0.fma(b, b0);
            b1 = v1.fma(b, b1);
            c0 = v0.fma(c, c0);
            c1 = v1.fma(c, c1);
            d0 = v0.fma(d, d0);
            d1 = v1.fma(d, d1);
        }
        a0.intoArray(sums, out);
        a1.intoArray(sums, out + LANES);
        b0.intoArray(sums, out + width);
        b1.intoArray(sums, out + width + LANES);
        c0.intoArray(sums, out + 2 * width);
        c1.intoArray(sums, out + 2 * width + LANES);
        d0.intoArray(sums, out + 3 * width);
        d1.intoArray(sums, out + 3 * width + LANES);
    }

    private static void oneByFour(
            float[] weights, int row, int from, int to, float[] values, int at, float[] sums, int out, int width) {
        FloatVector a0 = FloatVector.fromArray(SPECIES, sums, out);
        FloatVector a1 = FloatVector.fromArray(SPECIES, sums, out + LANES);
        FloatVector a2 = FloatVector.fromArray(SPECIES, sums, out + 2 * LANES);
        FloatVector a3 = FloatVector.fromArray(SPECIES, sums, out + 3 * LANES);
        for (int p = from; p < to; p++) {
            FloatVector a = FloatVector.broadcast(SPECIES, weights[row * PAGE + p]);
            int v = at + p * width;
            a0 = FloatVector.fromArray(SPECIES, values, v).fma(a, a0);
            a1 = FloatVector.fromArray(SPECIES, values, v + LANES).fma(a, a1);
            a2 = FloatVector.fromArray(SPECIES, values, v + 2 * LANES).fma(a, a2);
            a3 = FloatVector.fromArray(SPECIES, values, v + 3 * LANES).fma(a, a3);
        }
        a0.intoArray(sums, out);
        a1.intoArray(sums, out + LANES);
        a2.intoArray(sums, out + 2 * LANES);
        a3.intoArray(sums, out + 3 * LANES);
    }

    private static void oneByOne(
            float[] weights, int row, int from, int to, float[] values, int at, float[] sums, int out, int width) {
        FloatVector a = FloatVector.fromArray(SPECIES, sums, out);
        for (int p = from; p < to; p++) {
            FloatVector w = FloatVector.broadcast(SPECIES, weights[row * PAGE + p]);
            a = FloatVector.fromArray(SPECIES, values, at + p * width).fma(w, a);
        }
        a.intoArray(sums, out);
    }
}
