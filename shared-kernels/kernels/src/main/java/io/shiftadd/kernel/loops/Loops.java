package io.shiftadd.kernel.loops;

import io.shiftadd.kernel.species.KernelSpecies;
import io.shiftadd.kernel.species.VectorClass;
import java.lang.invoke.MethodHandles;

/** How each species looks up rows; the loops for a tile are chosen here and in {@link TallLoops}. */
public final class Loops {

    private Loops() {}

    public static RowLookUp of(KernelSpecies species) {
        return species == KernelSpecies.SCALAR
                ? new ScalarLookUp()
                : new LookUpByTile(low(species), TallLoops.of(species).rows());
    }

    private static RowLookUp low(KernelSpecies species) {
        TileSums one = instance(TileSums.class, "VectorSums", species);
        TokenSums several = instance(TokenSums.class, "VectorTokenSums", species);
        SumFlush flush = instance(SumFlush.class, "VectorFlush", species);
        return new VectorLookUp(new OneTokenLookUp(one, null, flush), new TokensLookUp(several, one.shorts(), flush));
    }

    static <T> T instance(Class<T> role, String template, KernelSpecies species) {
        return VectorClass.instance(MethodHandles.lookup(), role, template, species);
    }
}
