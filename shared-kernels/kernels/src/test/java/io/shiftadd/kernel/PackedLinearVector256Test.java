package io.shiftadd.kernel;

import io.shiftadd.kernel.species.KernelSpecies;

class PackedLinearVector256Test extends PackedLinearContract {

    PackedLinearVector256Test() {
        super(KernelSpecies.VECTOR_256);
    }
}
