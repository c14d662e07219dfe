package io.shiftadd.kernel.rotation;

import io.shiftadd.kernel.species.KernelSpecies;
import io.shiftadd.kernel.species.VectorClass;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The rotator of each species, set up at its first use. */
public final class Rotators {

    private static final Map<KernelSpecies, Rotator> ROTATORS = new ConcurrentHashMap<>();

    private Rotators() {}

    public static Rotator of(KernelSpecies species) {
        return ROTATORS.computeIfAbsent(
                species,
                s -> s == KernelSpecies.SCALAR
                        ? new ScalarRotator()
                        : VectorClass.instance(MethodHandles.lookup(), Rotator.class, "VectorRotator", s));
    }

    /** That of the process's species. */
    static Rotator active() {
        return Active.ROTATOR;
    }

    private static final class Active {
        static final Rotator ROTATOR = of(KernelSpecies.active());
    }
}
