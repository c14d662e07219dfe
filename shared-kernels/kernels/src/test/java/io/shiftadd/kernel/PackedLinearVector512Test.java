package io.shiftadd.kernel;

import io.shiftadd.kernel.species.KernelSpecies;

class PackedLinearVector512Test extends PackedLinearContract {

    PackedLinearVector512Test() {
        super(KernelSpecies.VECTOR_512);
    }
}
