package io.shiftadd.kernel.loops;

import io.shiftadd.kernel.packed.PlaneLayout;
import io.shiftadd.kernel.packed.RowPass;
import io.shiftadd.kernel.packed.Scratch;

/** Has each layer looked up by the kernel of its tiles. */
record LookUpByTile(RowLookUp low, RowLookUp tall) implements RowLookUp {

    @Override
    public int streams(PlaneLayout layout) {
        return of(layout).streams(layout);
    }

    @Override
    public void lookUp(RowPass pass, int firstTile, int tileStride, int tiles, Scratch scratch) {
        of(pass.planes().layout()).lookUp(pass, firstTile, tileStride, tiles, scratch);
    }

    private RowLookUp of(PlaneLayout layout) {
        return layout.tall() ? tall : low;
    }
}
