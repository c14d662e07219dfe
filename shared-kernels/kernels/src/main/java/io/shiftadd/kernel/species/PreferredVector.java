package io.shiftadd.kernel.species;

import jdk.incubator.vector.VectorShape;

/** Apart from {@link KernelSpecies}, so that this loads only where the vector module is present. */
public final class PreferredVector {

    private PreferredVector() {}

    public static int bits() {
        return VectorShape.preferredShape().vectorBitSize();
    }
}
