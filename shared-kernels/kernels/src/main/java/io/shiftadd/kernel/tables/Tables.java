package io.shiftadd.kernel.tables;

import io.shiftadd.kernel.species.KernelSpecies;
import io.shiftadd.kernel.species.VectorClass;
import java.lang.invoke.MethodHandles;

/** How each species builds tables. */
public final class Tables {

    private Tables() {}

    public static TableBuilder of(KernelSpecies species) {
        return species == KernelSpecies.SCALAR
                ? new ScalarTables()
                : new VectorTables(
                        instance(TableBounds.class, "VectorBounds", species),
                        instance(TableEntries.class, "VectorEntries", species));
    }

    private static <T> T instance(Class<T> role, String template, KernelSpecies species) {
        return VectorClass.instance(MethodHandles.lookup(), role, template, species);
    }
}
