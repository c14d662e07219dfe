package io.shiftadd.kernel;

class PackedLinearVector256Test extends PackedLinearContract {

    PackedLinearVector256Test() {
        super(KernelSpecies.VECTOR_256);
    }
}
