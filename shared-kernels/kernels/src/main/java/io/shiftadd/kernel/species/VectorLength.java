package io.shiftadd.kernel.species;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The vector length of a class that {@link VectorClass} defines once for each length. */
public final class VectorLength {

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
}
