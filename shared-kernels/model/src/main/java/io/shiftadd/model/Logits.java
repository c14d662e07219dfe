package io.shiftadd.model;

import io.shiftadd.model.layers.VectorMath;
import java.util.Objects;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** What tokens are chosen by. */
public final class Logits {

    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;
    private static final int LANES = VectorMath.LANES;

    private Logits() {}

    /**
     * The most probable token: the first with the largest logit.
     *
     * @param logits of a position, {@code count} of them from {@code from} on; what is not a number counts as the
     *     smallest
     * @return from 0 to {@code count - 1}; 0 if no logit is a number above negative infinity
     * @throws IndexOutOfBoundsException if the array has fewer
     */
    public static int largest(float[] logits, int from, int count) {
        Objects.checkFromIndexSize(from, count, logits.length);
        int end = from + count;
        float largest = largestOf(logits, from, end);
        int vectors = from + SPECIES.loopBound(count);
        for (int i = from; i < vectors; i += LANES) {
            VectorMask<Float> equal = FloatVector.fromArray(SPECIES, logits, i).compare(VectorOperators.EQ, largest);
            if (equal.anyTrue()) {
                return i - from + equal.firstTrue();
            }
        }
        for (int i = vectors; i < end; i++) {
            if (logits[i] == largest) {
                return i - from;
            }
        }
        return 0;
    }

    /**
     * The first logit that is infinite or not a number, of {@code count} from {@code from} on.
     *
     * @return from 0 to {@code count - 1}; −1 if all are finite
     * @throws IndexOutOfBoundsException if the array has fewer
     */
    public static int firstNotFinite(float[] logits, int from, int count) {
        Objects.checkFromIndexSize(from, count, logits.length);
        int vectors = from + SPECIES.loopBound(count);
        for (int i = from; i < vectors; i += LANES) {
            VectorMask<Float> finite = FloatVector.fromArray(SPECIES, logits, i).test(VectorOperators.IS_FINITE);
            if (!finite.allTrue()) {
                return i - from + finite.not().firstTrue();
            }
        }
        for (int i = vectors; i < from + count; i++) {
            if (!Float.isFinite(logits[i])) {
                return i - from;
            }
        }
        return -1;
    }

    /** Compares and chooses: the Vector API's maximum would be NaN if one logit is. */
    private static float largestOf(float[] logits, int from, int end) {
        FloatVector a = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        FloatVector b = a;
        int i = from;
        for (; i <= end - 2 * LANES; i += 2 * LANES) {
            FloatVector u = FloatVector.fromArray(SPECIES, logits, i);
            FloatVector v = FloatVector.fromArray(SPECIES, logits, i + LANES);
            a = a.blend(u, u.compare(VectorOperators.GT, a));
            b = b.blend(v, v.compare(VectorOperators.GT, b));
        }
        float largest = Math.max(a.reduceLanes(VectorOperators.MAX), b.reduceLanes(VectorOperators.MAX));
        for (; i < end; i++) {
            largest = logits[i] > largest ? logits[i] : largest;
        }
        return largest;
    }
}
