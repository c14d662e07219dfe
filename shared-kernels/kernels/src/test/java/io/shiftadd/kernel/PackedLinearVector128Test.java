package io.shiftadd.kernel;

class PackedLinearVector128Test extends PackedLinearContract {

    PackedLinearVector128Test() {
        super(KernelSpecies.VECTOR_128);
    }
}
