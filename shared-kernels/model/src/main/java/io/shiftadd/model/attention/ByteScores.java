package io.shiftadd.model.attention;

import io.shiftadd.model.cache.BytePage;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.layers.VectorMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Scores of keys of bytes, which become floats in registers: a tile of floats would not stay in the first-level cache,
 * and writing it takes longer than the products.
 *
 * <p>Steps belong to positions, so that they are left out of the products: a score is multiplied by its key's step at
 * the end. A score is one chain of fused multiply-adds, the same whichever rows are computed beside it.
 */
final class ByteScores {

    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;
    private static final int LANES = VectorMath.LANES;
    private static final int PAGE = KvCache.PAGE;
    private static final int STRIDE = AttentionTile.ROWS;
    static final int ROWS = 4;

    /** Four rows by four vectors need more registers than machines with shorter vectors have. */
    static final boolean WIDE = LANES == 16;

    /** Fewer rows are computed one by one; three as if they were four. */
    static final int FEWEST = 3;

    private ByteScores() {}

    /** Whether a vector of bytes as short as this machine's vectors of floats exists. */
    static boolean possible() {
        return VectorMath.canWiden();
    }

    /**
     * @param queries {@code [d, STRIDE]}
     * @param rows after which others up to a multiple of four may be computed, too
     * @param count positions needed
     * @param scores {@code [rows, PAGE]}, of these overwritten, of others perhaps
     */
    static void scores(float[] queries, int rows, int d, BytePage page, int kvHead, int count, float[] scores) {
        byte[] keys = page.keys();
        int at = page.keysAt(kvHead);
        int r = 0;
        for (; r <= rows - FEWEST; r += ROWS) {
            if (WIDE) {
                fourByFourScores(queries, r, d, keys, at, page.keySteps(), kvHead * PAGE, scores);
            } else {
                fourByTwoScores(queries, r, d, keys, at, count, page.keySteps(), kvHead * PAGE, scores);
            }
        }
        for (; r < rows; r++) {
            oneByFourScores(queries, r, d, keys, at, count, page.keySteps(), kvHead * PAGE, scores);
        }
    }

    private static void fourByFourScores(
            float[] q, int row, int d, byte[] keys, int at, float[] steps, int stepsAt, float[] scores) {
        for (int p = 0; p < PAGE; p += 4 * LANES) {
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
            for (int i = 0; i < d; i++) {
                int k = at + i * PAGE + p;
                FloatVector k0 = VectorMath.widen(keys, k);
                FloatVector k1 = VectorMath.widen(keys, k + LANES);
                FloatVector k2 = VectorMath.widen(keys, k + 2 * LANES);
                FloatVector k3 = VectorMath.widen(keys, k + 3 * LANES);
                FloatVector a = FloatVector.broadcast(SPECIES, q[i * STRIDE + row]);
                a0 = k0.fma(a, a0);
                a1 = k1.fma(a, a1);
                a2 = k2.fma(a, a2);
                a3 = k3.fma(a, a3);
                FloatVector b = FloatVector.broadcast(SPECIES, q[i * STRIDE + row + 1]);
                b0 = k0.fma(b, b0);
                b1 = k1.fma(b, b1);
                b2 = k2.fma(b, b2);
                b3 = k3.fma(b, b3);
                FloatVector c = FloatVector.broadcast(SPECIES, q[i * STRIDE + row + 2]);
                c0 = k0.fma(c, c0);
                c1 = k1.fma(c, c1);
                c2 = k2.fma(c, c2);
                c3 = k3.fma(c, c3);
                FloatVector e = FloatVector.broadcast(SPECIES, q[i * STRIDE + row + 3]);
                e0 = k0.fma(e, e0);
                e1 = k1.fma(e, e1);
                e2 = k2.fma(e, e2);
                e3 = k3.fma(e, e3);
            }
            int to = row * PAGE + p;
            FloatVector s0 = FloatVector.fromArray(SPECIES, steps, stepsAt + p);
            FloatVector s1 = FloatVector.fromArray(SPECIES, steps, stepsAt + p + LANES);
            FloatVector s2 = FloatVector.fromArray(SPECIES, steps, stepsAt + p + 2 * LANES);
            FloatVector s3 = FloatVector.fromArray(SPECIES, steps, stepsAt + p + 3 * LANES);
            s0.mul(a0).intoArray(scores, to);
            s1.mul(a1).intoArray(scores, to + LANES);
            s2.mul(a2).intoArray(scores, to + 2 * LANES);
            s3.mul(a3).intoArray(scores, to + 3 * LANES);
            s0.mul(b0).intoArray(scores, to + PAGE);
            s1.mul(b1).intoArray(scores, to + PAGE + LANES);
            s2.mul(b2).intoArray(scores, to + PAGE + 2 * LANES);
            s3.mul(b3).intoArray(scores, to + PAGE + 3 * LANES);
            s0.mul(c0).intoArray(scores, to + 2 * PAGE);
            s1.mul(c1).intoArray(scores, to + 2 * PAGE + LANES);
            s2.mul(c2).intoArray(scores, to + 2 * PAGE + 2 * LANES);
            s3.mul(c3).intoArray(scores, to + 2 * PAGE + 3 * LANES);
            s0.mul(e0).intoArray(scores, to + 3 * PAGE);
            s1.mul(e1).intoArray(scores, to + 3 * PAGE + LANES);
            s2.mul(e2).intoArray(scores, to + 3 * PAGE + 2 * LANES);
            s3.mul(e3).intoArray(scores, to + 3 * PAGE + 3 * LANES);
        }
    }

    private static void fourByTwoScores(
            float[] q, int row, int d, byte[] keys, int at, int count, float[] steps, int stepsAt, float[] scores) {
        for (int p = 0; p < count; p += 2 * LANES) {
            FloatVector a0 = FloatVector.zero(SPECIES);
            FloatVector a1 = a0;
            FloatVector b0 = a0;
            FloatVector b1 = a0;
            FloatVector c0 = a0;
            FloatVector c1 = a0;
            FloatVector e0 = a0;
            FloatVector e1 = a0;
            for (int i = 0; i < d; i++) {
                int k = at + i * PAGE + p;
                FloatVector k0 = VectorMath.widen(keys, k);
                FloatVector k1 = VectorMath.widen(keys, k + LANES);
                FloatVector a = FloatVector.broadcast(SPECIES, q[i * STRIDE + row]);
                a0 = k0.fma(a, a0);
                a1 = k1.fma(a, a1);
                FloatVector b = FloatVector.broadcast(SPECIES, q[i * STRIDE + row + 1]);
                b0 = k0.fma(b, b0);
                b1 = k1.fma(b, b1);
                FloatVector c = FloatVector.broadcast(SPECIES, q[i * STRIDE + row + 2]);
                c0 = k0.fma(c, c0);
                c1 = k1.fma(c, c1);
                FloatVector e = FloatVector.broadcast(SPECIES, q[i * STRIDE + row + 3]);
                e0 = k0.fma(e, e0);
                e1 = k1.fma(e, e1);
            }
            int to = row * PAGE + p;
            FloatVector s0 = FloatVector.fromArray(SPECIES, steps, stepsAt + p);
            FloatVector s1 = FloatVector.fromArray(SPECIES, steps, stepsAt + p + LANES);
            s0.mul(a0).intoArray(scores, to);
            s1.mul(a1).intoArray(scores, to + LANES);
            s0.mul(b0).intoArray(scores, to + PAGE);
            s1.mul(b1).intoArray(scores, to + PAGE + LANES);
            s0.mul(c0).intoArray(scores, to + 2 * PAGE);
            s1.mul(c1).intoArray(scores, to + 2 * PAGE + LANES);
            s0.mul(e0).intoArray(scores, to + 3 * PAGE);
            s1.mul(e1).intoArray(scores, to + 3 * PAGE + LANES);
        }
    }

    private static void oneByFourScores(
            float[] q, int row, int d, byte[] keys, int at, int count, float[] steps, int stepsAt, float[] scores) {
        for (int p = 0; p < count; p += 4 * LANES) {
            FloatVector a0 = FloatVector.zero(SPECIES);
            FloatVector a1 = a0;
            FloatVector a2 = a0;
            FloatVector a3 = a0;
            for (int i = 0; i < d; i++) {
                int k = at + i * PAGE + p;
                FloatVector k0 = VectorMath.widen(keys, k);
                FloatVector k1 = VectorMath.widen(keys, k + LANES);
                FloatVector k2 = VectorMath.widen(keys, k + 2 * LANES);
                FloatVector k3 = VectorMath.widen(keys, k + 3 * LANES);
                FloatVector a = FloatVector.broadcast(SPECIES, q[i * STRIDE + row]);
                a0 = k0.fma(a, a0);
                a1 = k1.fma(a, a1);
                a2 = k2.fma(a, a2);
                a3 = k3.fma(a, a3);
            }
            int to = row * PAGE + p;
            FloatVector s0 = FloatVector.fromArray(SPECIES, steps, stepsAt + p);
            FloatVector s1 = FloatVector.fromArray(SPECIES, steps, stepsAt + p + LANES);
            FloatVector s2 = FloatVector.fromArray(SPECIES, steps, stepsAt + p + 2 * LANES);
            FloatVector s3 = FloatVector.fromArray(SPECIES, steps, stepsAt + p + 3 * LANES);
            s0.mul(a0).intoArray(scores, to);
            s1.mul(a1).intoArray(scores, to + LANES);
            s2.mul(a2).intoArray(scores, to + 2 * LANES);
            s3.mul(a3).intoArray(scores, to + 3 * LANES);
        }
    }
}
