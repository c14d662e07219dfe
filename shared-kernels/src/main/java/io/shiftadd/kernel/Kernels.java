package io.shiftadd.kernel;

/** The kernel of each species. */
final class Kernels {

    private Kernels() {}

    static Kernel active() {
        return Active.KERNEL;
    }

    static Kernel of(KernelSpecies species) {
        return switch (species) {
            case SCALAR, VECTOR_128, VECTOR_256, VECTOR_512 -> new ScalarKernel();
        };
    }

    private static final class Active {
        static final Kernel KERNEL = of(KernelSpecies.active());
    }
}
