package io.shiftadd.kernel;

/**
 * Turns sums of entries into the rows' floats, a step at a time: {@code row += step·(sum − bias)}, one multiplication and
 * one addition.
 *
 * <p>Four units (a row tile and a token each) are flushed together. Their accumulators are 64 floats: the eight even
 * rows of each unit, then the eight odd rows of each.
 */
interface SumFlush {

    int UNITS = TileSums.TILES;

    /** Floats of the accumulators of {@link #UNITS} units. */
    int ACCUMULATORS = UNITS * PlaneLayout.TILE_ROWS;

    /**
     * Adds one step of four units.
     *
     * @param sums as {@link TileSums} leaves them: of the low bytes at {@code at}, one unit after another, and with two
     *     bytes an entry those of the high bytes at {@code highAt}
     * @param bias of the chunk
     * @param stepAt of the first unit in {@code steps}; that of the next lies {@code stepStride} further
     * @param rows accumulators from {@code rowsAt} on
     */
    void addFour(
            short[] sums,
            int at,
            int highAt,
            TablePrecision precision,
            int bias,
            float[] steps,
            int stepAt,
            int stepStride,
            float[] rows,
            int rowsAt);

    /** Writes the sixteen rows of one of four units from their accumulators to {@code y}. */
    void store(float[] rows, int rowsAt, int unit, float[] y, int yAt);
}
