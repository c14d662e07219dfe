package io.shiftadd.kernel;

/** Turns sums of entries into the rows' floats: {@code Σ_planes Σ_chunks step·(sum − bias)}, in this order. */
interface SumFlush {

    /**
     * @param sums as {@link TileSums} leaves them; one for each step and byte of the precision, low bytes first
     * @param at where the first lies
     * @param stride from one to the next
     * @param rows sixteen results at {@code rowOffset}
     */
    void addUp(
            short[] sums,
            int at,
            int stride,
            TableLayout layout,
            float[] steps,
            int stepOffset,
            float[] rows,
            int rowOffset);
}
