package io.shiftadd.quantize.reparameterization;

/** Gives a column of weights its quantized values when the error push has reached it. */
interface ColumnQuantizer {

    /**
     * Quantizes column {@code k}, counted in processing order. Called for each column once, ascending.
     *
     * @param columns all columns in processing order as they are now, {@code [K, N]}; not to be changed
     * @param quantized receives the column's N values
     */
    void quantize(int k, float[] columns, float[] quantized);
}
