package io.shiftadd.kernel;

import io.shiftadd.kernel.species.KernelSpecies;

class PackedLinearVector128Test extends PackedLinearContract {

    PackedLinearVector128Test() {
        super(KernelSpecies.VECTOR_128);
    }
}
