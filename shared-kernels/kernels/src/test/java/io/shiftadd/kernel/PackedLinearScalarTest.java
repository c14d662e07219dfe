package io.shiftadd.kernel;

class PackedLinearScalarTest extends PackedLinearContract {

    PackedLinearScalarTest() {
        super(KernelSpecies.SCALAR);
    }
}
