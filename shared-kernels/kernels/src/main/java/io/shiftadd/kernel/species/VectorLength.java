package io.shiftadd.kernel.species;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The vector length of a class that {@link VectorClass} defines once for each length. */
public final class VectorLength {

    private static final int LANE_BYTES = 16;

    private VectorLength() {}

    /** The species of {@code element} in the length that the class of {@code lookup} was defined for. */
    public static <E> VectorSpecies<E> species(MethodHandles.Lookup lookup, Class<E> element) {
        try {
            int bits = MethodHandles.classData(lookup, "_", Integer.class);
            return VectorSpecies.of(element, VectorShape.forBitSize(bits));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("vector kernels are defined by VectorClass only", e);
        }
    }

    /** Sixteen times the number of its 128-bit lane: with a nibble, the index of an entry in a vector of tables. */
    public static ByteVector tableOfLane(VectorSpecies<Byte> species) {
        byte[] tables = new byte[species.length()];
        for (int i = 0; i < tables.length; i++) {
            tables[i] = (byte) (i / LANE_BYTES * LANE_BYTES);
        }
        return ByteVector.fromArray(species, tables, 0);
    }
}
