package io.shiftadd.kernel;

/** Has each layer looked up by the kernel of its tiles. */
record LookUpByTile(RowLookUp low, RowLookUp tall) implements RowLookUp {

    @Override
    public int streams() {
        return low.streams();
    }

    @Override
    public void lookUp(
            PackedPlanes planes,
            int firstTile,
            int tileStride,
            int tiles,
            TableLayout layout,
            byte[] tables,
            int tableOffset,
            float[] steps,
            int stepOffset,
            int tokens,
            float[] y,
            int yOffset,
            int yStride,
            Scratch scratch) {
        RowLookUp kernel = planes.layout().tall() ? tall : low;
        kernel.lookUp(
                planes,
                firstTile,
                tileStride,
                tiles,
                layout,
                tables,
                tableOffset,
                steps,
                stepOffset,
                tokens,
                y,
                yOffset,
                yStride,
                scratch);
    }
}
