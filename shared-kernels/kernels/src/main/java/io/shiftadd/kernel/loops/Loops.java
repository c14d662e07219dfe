package io.shiftadd.kernel.loops;

import io.shiftadd.kernel.species.KernelSpecies;
import io.shiftadd.kernel.species.VectorClass;
import java.lang.invoke.MethodHandles;

/** How each species looks up rows; vector loops are chosen in {@link TileLoops}. */
public final class Loops {

    private Loops() {}

    public static RowLookUp of(KernelSpecies species) {
        return species == KernelSpecies.SCALAR
                ? new ScalarLookUp()
                : TileLoops.of(species).rows();
    }

    static <T> T instance(Class<T> role, String template, KernelSpecies species) {
        return VectorClass.instance(MethodHandles.lookup(), role, template, species);
    }
}
