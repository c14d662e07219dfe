package io.shiftadd.kernel;

import jdk.incubator.vector.VectorShape;

/** Apart from {@link KernelSpecies}, so that this loads only where the vector module is present. */
final class PreferredVector {

    private PreferredVector() {}

    static int bits() {
        return VectorShape.preferredShape().vectorBitSize();
    }
}
