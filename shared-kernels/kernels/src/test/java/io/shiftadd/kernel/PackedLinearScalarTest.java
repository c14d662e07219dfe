package io.shiftadd.kernel;

import io.shiftadd.kernel.species.KernelSpecies;

class PackedLinearScalarTest extends PackedLinearContract {

    PackedLinearScalarTest() {
        super(KernelSpecies.SCALAR);
    }
}
