package io.shiftadd.format.ggml;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sixteen small integers at a time, from bytes to floats. Products and sums are rounded each, as ggml's plain loops do.
 */
final class Lanes {

    /** Integers that are worked on together. */
    static final int COUNT = 16;

    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_128;
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final int STEP = Math.min(COUNT, FLOATS.length());

    private Lanes() {}

    static ByteVector load(byte[] b, int at) {
        return ByteVector.fromArray(BYTES, b, at);
    }

    /** The bits of each byte from {@code shift} on that {@code mask} leaves. */
    static ByteVector bits(ByteVector v, int shift, int mask) {
        return v.lanewise(VectorOperators.LSHR, shift).and((byte) mask);
    }

    /** As {@link #bits}, moved to the place {@code to}. */
    static ByteVector bits(ByteVector v, int shift, int mask, int to) {
        return bits(v, shift, mask).lanewise(VectorOperators.LSHL, to);
    }

    /** {@code summand} added where a bit is set. */
    static ByteVector add(ByteVector v, int summand, long bits) {
        return v.add((byte) summand, VectorMask.fromLong(BYTES, bits & 0xFFFF));
    }

    /** {@code y = scale·q}. */
    static void scaled(ByteVector q, float scale, float[] y, int to) {
        for (int i = 0; i < COUNT; i += STEP) {
            floats(q, i / STEP).mul(scale).intoArray(y, to + i);
        }
    }

    /** {@code y = scale·q + offset}. */
    static void affine(ByteVector q, float scale, float offset, float[] y, int to) {
        for (int i = 0; i < COUNT; i += STEP) {
            floats(q, i / STEP).mul(scale).add(offset).intoArray(y, to + i);
        }
    }

    private static FloatVector floats(ByteVector q, int part) {
        return (FloatVector) q.convertShape(VectorOperators.B2F, FLOATS, part);
    }
}
