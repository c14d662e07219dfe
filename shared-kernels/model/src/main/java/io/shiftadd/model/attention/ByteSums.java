package io.shiftadd.model.attention;

import io.shiftadd.model.cache.BytePage;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.layers.VectorMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Weighted sums of values of bytes, as {@link ByteScores}: a weight is multiplied by its value's step before. An
 * element is one chain of fused multiply-adds of a page, added to those before it.
 */
final class ByteSums {

    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;
    private static final int LANES = VectorMath.LANES;
    private static final int PAGE = KvCache.PAGE;
    private static final int ROWS = ByteScores.ROWS;

    private ByteSums() {}

    /**
     * @param weights {@code [rows, PAGE]}, which are multiplied by the steps; only positions {@code from .. to} count
     * @param rows after which others up to a multiple of four may be added to, too
     * @param sums {@code [rows, width]}, added to
     * @param width a multiple of the vector length
     */
    static void addWeighted(
            float[] weights, int rows, int from, int to, BytePage page, int kvHead, float[] sums, int width) {
        byte[] values = page.values();
        int at = page.valuesAt(kvHead);
        scale(weights, rows, page.valueSteps(), kvHead * PAGE);
        int r = 0;
        for (; r <= rows - ByteScores.FEWEST; r += ROWS) {
            int column = 0;
            for (; ByteScores.WIDE && column <= width - 4 * LANES; column += 4 * LANES) {
                fourByFour(weights, r, from, to, values, at + column, sums, r * width + column, width);
            }
            for (; column <= width - 2 * LANES; column += 2 * LANES) {
                fourByTwo(weights, r, from, to, values, at + column, sums, r * width + column, width);
            }
            for (; column < width; column += LANES) {
                for (int i = r; i < Math.min(rows, r + ROWS); i++) {
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

    private static void scale(float[] weights, int rows, float[] steps, int at) {
        for (int w = 0; w < rows * PAGE; w += PAGE) {
            for (int p = 0; p < PAGE; p += LANES) {
                FloatVector step = FloatVector.fromArray(SPECIES, steps, at + p);
                FloatVector.fromArray(SPECIES, weights, w + p).mul(step).intoArray(weights, w + p);
            }
        }
    }

    private static void fourByFour(
            float[] weights, int row, int from, int to, byte[] values, int at, float[] sums, int out, int width) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector c2 = a0;
        FloatVector c3 = a0;
        FloatVector e0 = a0;
        FloatVector e1 = a0;
        FloatVector e2 = a0;
        FloatVector e3 = a0;
        for (int p = from; p < to; p++) {
            int v = at + p * width;
            FloatVector v0 = VectorMath.widen(values, v);
            FloatVector v1 = VectorMath.widen(values, v + LANES);
            FloatVector v2 = VectorMath.widen(values, v + 2 * LANES);
            FloatVector v3 = VectorMath.widen(values, v + 3 * LANES);
            FloatVector a = FloatVector.broadcast(SPECIES, weights[row * PAGE + p]);
            a0 = v0.fma(a, a0);
            a1 = v1.fma(a, a1);
            a2 = v2.fma(a, a2);
            a3 = v3.fma(a, a3);
            FloatVector b = FloatVector.broadcast(SPECIES, weights[(row + 1) * PAGE + p]);
            b0 = v0.fma(b, b0);
            b1 = v1.fma(b, b1);
            b2 = v2.fma(b, b2);
            b3 = v3.fma(b, b3);
            FloatVector c = FloatVector.broadcast(SPECIES, weights[(row + 2) * PAGE + p]);
            c0 = v0.fma(c, c0);
            c1 = v1.fma(c, c1);
            c2 = v2.fma(c, c2);
            c3 = v3.fma(c, c3);
            FloatVector e = FloatVector.broadcast(SPECIES, weights[(row + 3) * PAGE + p]);
            e0 = v0.fma(e, e0);
            e1 = v1.fma(e, e1);
            e2 = v2.fma(e, e2);
            e3 = v3.fma(e, e3);
        }
        FloatVector.fromArray(SPECIES, sums, out).add(a0).intoArray(sums, out);
        FloatVector.fromArray(SPECIES, sums, out + LANES).add(a1).intoArray(sums, out + LANES);
        FloatVector.fromArray(SPECIES, sums, out + 2 * LANES).add(a2).intoArray(sums, out + 2 * LANES);
        FloatVector.fromArray(SPECIES, sums, out + 3 * LANES).add(a3).intoArray(sums, out + 3 * LANES);
        FloatVector.fromArray(SPECIES, sums, out + width).add(b0).intoArray(sums, out + width);
        FloatVector.fromArray(SPECIES, sums, out + width + LANES).add(b1).intoArray(sums, out + width + LANES);
        FloatVector.fromArray(SPECIES, sums, out + width + 2 * LANES).add(b2).intoArray(sums, out + width + 2 * LANES);
        FloatVector.fromArray(SPECIES, sums, out + width + 3 * LANES).add(b3).intoArray(sums, out + width + 3 * LANES);
        FloatVector.fromArray(SPECIES, sums, out + 2 * width).add(c0).intoArray(sums, out + 2 * width);
        FloatVector.fromArray(SPECIES, sums, out + 2 * width + LANES).add(c1).intoArray(sums, out + 2 * width + LANES);
        FloatVector.fromArray(SPECIES, sums, out + 2 * width + 2 * LANES)
                .add(c2)
                .intoArray(sums, out + 2 * width + 2 * LANES);
        FloatVector.fromArray(SPECIES, sums, out + 2 * width + 3 * LANES)
                .add(c3)
                .intoArray(sums, out + 2 * width + 3 * LANES);
        FloatVector.fromArray(SPECIES, sums, out + 3 * width).add(e0).intoArray(sums, out + 3 * width);
        FloatVector.fromArray(SPECIES, sums, out + 3 * width + LANES).add(e1).intoArray(sums, out + 3 * width + LANES);
        FloatVector.fromArray(SPECIES, sums, out + 3 * width + 2 * LANES)
                .add(e2)
                .intoArray(sums, out + 3 * width + 2 * LANES);
        FloatVector.fromArray(SPECIES, sums, out + 3 * width + 3 * LANES)
                .add(e3)
                .intoArray(sums, out + 3 * width + 3 * LANES);
    }

    private static void fourByTwo(
            float[] weights, int row, int from, int to, byte[] values, int at, float[] sums, int out, int width) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector e0 = a0;
        FloatVector e1 = a0;
        for (int p = from; p < to; p++) {
            int v = at + p * width;
            FloatVector v0 = VectorMath.widen(values, v);
            FloatVector v1 = VectorMath.widen(values, v + LANES);
            FloatVector a = FloatVector.broadcast(SPECIES, weights[row * PAGE + p]);
            a0 = v0.fma(a, a0);
            a1 = v1.fma(a, a1);
            FloatVector b = FloatVector.broadcast(SPECIES, weights[(row + 1) * PAGE + p]);
            b0 = v0.fma(b, b0);
            b1 = v1.fma(b, b1);
            FloatVector c = FloatVector.broadcast(SPECIES, weights[(row + 2) * PAGE + p]);
            c0 = v0.fma(c, c0);
            c1 = v1.fma(c, c1);
            FloatVector e = FloatVector.broadcast(SPECIES, weights[(row + 3) * PAGE + p]);
            e0 = v0.fma(e, e0);
            e1 = v1.fma(e, e1);
        }
        FloatVector.fromArray(SPECIES, sums, out).add(a0).intoArray(sums, out);
        FloatVector.fromArray(SPECIES, sums, out + LANES).add(a1).intoArray(sums, out + LANES);
        FloatVector.fromArray(SPECIES, sums, out + width).add(b0).intoArray(sums, out + width);
        FloatVector.fromArray(SPECIES, sums, out + width + LANES).add(b1).intoArray(sums, out + width + LANES);
        FloatVector.fromArray(SPECIES, sums, out + 2 * width).add(c0).intoArray(sums, out + 2 * width);
        FloatVector.fromArray(SPECIES, sums, out + 2 * width + LANES).add(c1).intoArray(sums, out + 2 * width + LANES);
        FloatVector.fromArray(SPECIES, sums, out + 3 * width).add(e0).intoArray(sums, out + 3 * width);
        FloatVector.fromArray(SPECIES, sums, out + 3 * width + LANES).add(e1).intoArray(sums, out + 3 * width + LANES);
    }

    private static void oneByFour(
            float[] weights, int row, int from, int to, byte[] values, int at, float[] sums, int out, int width) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        for (int p = from; p < to; p++) {
            int v = at + p * width;
            FloatVector v0 = VectorMath.widen(values, v);
            FloatVector v1 = VectorMath.widen(values, v + LANES);
            FloatVector v2 = VectorMath.widen(values, v + 2 * LANES);
            FloatVector v3 = VectorMath.widen(values, v + 3 * LANES);
            FloatVector a = FloatVector.broadcast(SPECIES, weights[row * PAGE + p]);
            a0 = v0.fma(a, a0);
            a1 = v1.fma(a, a1);
            a2 = v2.fma(a, a2);
            a3 = v3.fma(a, a3);
        }
        FloatVector.fromArray(SPECIES, sums, out).add(a0).intoArray(sums, out);
        FloatVector.fromArray(SPECIES, sums, out + LANES).add(a1).intoArray(sums, out + LANES);
        FloatVector.fromArray(SPECIES, sums, out + 2 * LANES).add(a2).intoArray(sums, out + 2 * LANES);
        FloatVector.fromArray(SPECIES, sums, out + 3 * LANES).add(a3).intoArray(sums, out + 3 * LANES);
    }

    private static void oneByOne(
            float[] weights, int row, int from, int to, byte[] values, int at, float[] sums, int out, int width) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        for (int p = from; p < to; p++) {
            FloatVector v0 = VectorMath.widen(values, at + p * width);
            FloatVector a = FloatVector.broadcast(SPECIES, weights[row * PAGE + p]);
            a0 = v0.fma(a, a0);
        }
        FloatVector.fromArray(SPECIES, sums, out).add(a0).intoArray(sums, out);
    }
}
