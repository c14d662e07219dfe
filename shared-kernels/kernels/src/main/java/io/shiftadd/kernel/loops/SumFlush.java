package io.shiftadd.kernel.loops;

import io.shiftadd.kernel.packed.PlaneLayout;
import io.shiftadd.kernel.packed.RowPass;
import io.shiftadd.kernel.packed.Scratch;
import io.shiftadd.kernel.packed.Scratch.Slot;

/**
 * Turns sums of entries into the rows' floats, a step at a time: {@code row += step·(sum − bias)}, one multiplication
 * and one addition.
 *
 * <p>Four units (rows of a tile and a token each) are flushed together. In which order accumulators have their rows is
 * up to the implementation; {@link #store} puts them in order.
 */
interface SumFlush {

    /** Units that are flushed together. */
    int UNITS = 4;

    /** Rows of a unit. */
    int unitRows();

    /** Floats of the accumulators of {@link #UNITS} units. */
    default int accumulators() {
        return UNITS * unitRows();
    }

    /**
     * Adds one step of four units.
     *
     * @param sums as {@link TileSums} leaves them, one unit after another from {@code at} on
     * @param bias of the chunk
     * @param stepAt of the first unit in {@code steps}; that of the next lies {@code stepStride} further
     * @param rows accumulators from {@code rowsAt} on
     */
    void addFour(short[] sums, int at, int bias, float[] steps, int stepAt, int stepStride, float[] rows, int rowsAt);

    /** Writes the rows of one of four units from their accumulators to {@code y}. */
    void store(float[] rows, int rowsAt, int unit, float[] y, int yAt);

    /** Straight into the result, unless the tile has fewer rows than others, perhaps none in this part. */
    default void store(
            float[] rows, int rowsAt, int unit, RowPass pass, int token, int tile, int part, Scratch scratch) {
        int unitRows = unitRows();
        PlaneLayout layout = pass.planes().layout();
        int count = layout.rows(tile) - part * unitRows;
        int to = pass.row(token) + layout.firstRow(tile) + part * unitRows;
        if (count >= unitRows) {
            store(rows, rowsAt, unit, pass.y(), to);
        } else if (count > 0) {
            float[] last = scratch.floats(Slot.LAST_ROWS, unitRows);
            store(rows, rowsAt, unit, last, 0);
            System.arraycopy(last, 0, pass.y(), to, count);
        }
    }
}
