package io.shiftadd.kernel.tables;

import io.shiftadd.kernel.packed.TableLayout;

/** Makes the entries of tables from activations: whole tiles of columns, laid out as {@link TableLayout} says. */
interface TableEntries {

    /** Columns that a factor belongs to, where columns share their scale. */
    int BLOCK = 8;

    /** Sums that are made of a column: half of the sixteen of four, the others are their negatives. */
    int SUMS_OF_COLUMN = 2;

    /** {@code u_k = x_k·α_k}. */
    void shift(float[] x, int xOffset, float[] alphas, int alphaOffset, int count, float[] u);

    /** {@code factor = α·inverse}; up to {@link TableBuilder#SLACK} more are read and overwritten. */
    void scale(float[] alphas, int alphaOffset, int blocks, float inverse, float[] factors, int offset);

    /**
     * Half of the signed sums of every four columns, {@link #SUMS_OF_COLUMN} a column, in {@link #writeSums}' order.
     */
    void addEight(float[] x, int xOffset, int columns, float[] sums);

    /** One plane's tables, of activations that are shifted already. */
    void write(float[] u, int columns, float factor, byte[] tables, int tableOffset);

    /**
     * The tables of some planes, of activations that are multiplied by a factor.
     *
     * @param factors of each plane's blocks of {@link #BLOCK} columns, [planes, columns / BLOCK]; up to
     *     {@link TableBuilder#SLACK} more are read
     */
    void writeScaled(
            float[] u,
            int uOffset,
            float[] factors,
            int planes,
            int columns,
            TableLayout layout,
            byte[] tables,
            int tableOffset);

    /** All planes' tables, from sums that {@link #addEight} left. */
    void writeSums(
            float[] sums,
            int sumsOffset,
            float[] factors,
            int columns,
            TableLayout layout,
            byte[] tables,
            int tableOffset);
}
