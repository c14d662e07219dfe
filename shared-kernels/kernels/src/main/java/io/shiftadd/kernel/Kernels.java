package io.shiftadd.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;

/**
 * The kernel of each species.
 *
 * <p>A vector implementation is written once, for a vector length that it takes from its class data, and defined once
 * for each length as a hidden class: the length has to be a constant of the class for the just-in-time compiler to turn
 * vector operations into instructions.
 */
final class Kernels {

    private Kernels() {}

    static Kernel active() {
        return Active.KERNEL;
    }

    static Kernel of(KernelSpecies species) {
        return switch (species) {
            case SCALAR -> Scalar.KERNEL;
            case VECTOR_128 -> Vector128.KERNEL;
            case VECTOR_256 -> Vector256.KERNEL;
            case VECTOR_512 -> Vector512.KERNEL;
        };
    }

    private static Kernel vector(KernelSpecies species) {
        return new Kernel(
                species,
                instance(Rotator.class, "VectorRotator", species),
                new VectorTables(
                        instance(TableBounds.class, "VectorBounds", species),
                        instance(TableEntries.class, "VectorEntries", species)),
                new LookUpByTile(low(species), TallLoops.of(species).rows()));
    }

    private static RowLookUp low(KernelSpecies species) {
        TileSums one = instance(TileSums.class, "VectorSums", species);
        TokenSums several = instance(TokenSums.class, "VectorTokenSums", species);
        SumFlush flush = instance(SumFlush.class, "VectorFlush", species);
        return new VectorLookUp(new OneTokenLookUp(one, null, flush), new TokensLookUp(several, one.shorts(), flush));
    }

    /** A class of that name for vectors of that species. */
    static <T> T instance(Class<T> role, String template, KernelSpecies species) {
        try (InputStream in = Kernels.class.getResourceAsStream(template + ".class")) {
            if (in == null) {
                throw new IllegalStateException("the class " + template + " is missing from this build");
            }
            Class<?> kernel = MethodHandles.lookup()
                    .defineHiddenClassWithClassData(in.readAllBytes(), species.vectorBits(), true)
                    .lookupClass();
            return role.cast(kernel.getDeclaredConstructor().newInstance());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(template + " cannot be set up for " + species.label(), e);
        }
    }

    /** Each species is set up at its first use. */
    private static final class Scalar {
        static final Kernel KERNEL =
                new Kernel(KernelSpecies.SCALAR, new ScalarRotator(), new ScalarTables(), new ScalarLookUp());
    }

    private static final class Vector128 {
        static final Kernel KERNEL = vector(KernelSpecies.VECTOR_128);
    }

    private static final class Vector256 {
        static final Kernel KERNEL = vector(KernelSpecies.VECTOR_256);
    }

    private static final class Vector512 {
        static final Kernel KERNEL = vector(KernelSpecies.VECTOR_512);
    }

    private static final class Active {
        static final Kernel KERNEL = of(KernelSpecies.active());
    }
}
