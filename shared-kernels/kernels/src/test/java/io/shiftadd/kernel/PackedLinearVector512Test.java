package io.shiftadd.kernel;

class PackedLinearVector512Test extends PackedLinearContract {

    PackedLinearVector512Test() {
        super(KernelSpecies.VECTOR_512);
    }
}
