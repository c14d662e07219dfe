package io.shiftadd.kernel;

import io.shiftadd.kernel.loops.Loops;
import io.shiftadd.kernel.loops.RowLookUp;
import io.shiftadd.kernel.rotation.Rotator;
import io.shiftadd.kernel.rotation.Rotators;
import io.shiftadd.kernel.species.KernelSpecies;
import io.shiftadd.kernel.tables.TableBuilder;
import io.shiftadd.kernel.tables.Tables;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The arithmetic of packed layers for one species. The scalar implementations specify it, the vector ones give the
 * same bits: float operations come in a fixed order, fused only where they say so, and sums of table entries are
 * integers and exact.
 */
record Kernel(KernelSpecies species, Rotator rotator, TableBuilder tables, RowLookUp rows) {

    /** Each species is set up at its first use. */
    private static final Map<KernelSpecies, Kernel> KERNELS = new ConcurrentHashMap<>();

    static Kernel of(KernelSpecies species) {
        return KERNELS.computeIfAbsent(species, s -> new Kernel(s, Rotators.of(s), Tables.of(s), Loops.of(s)));
    }

    static Kernel active() {
        return of(KernelSpecies.active());
    }
}
