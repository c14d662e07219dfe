package io.shiftadd.kernel.tables;

/** What the step of a table depends on: how large sums of activations can become. NaN wins over any number. */
interface TableBounds {

    /**
     * {@code (|x_0| + |x_1|) + (|x_2| + |x_3|)} of every four columns.
     *
     * @param x columns from {@code xOffset}; those beyond {@code count} are zero
     * @param magnitudes {@code groups} of them from {@code offset}; up to {@link TableBuilder#SLACK} more are
     *     overwritten
     */
    void magnitudes(float[] x, int xOffset, int count, int groups, float[] magnitudes, int offset);

    /** The largest sum of the magnitudes of two neighbouring groups, which a byte of codes selects; whole tiles. */
    float largestPair(float[] u, int columns);

    /**
     * The same after magnitudes are shifted, {@code |α|·m + |α'|·m'}.
     *
     * @param magnitudes of {@code groups} groups, whole tiles, from {@code offset}
     * @param alphas of blocks of {@link TableEntries#BLOCK} columns from {@code alphaOffset}; {@link
     *     TableBuilder#SLACK} more are read, and have to be finite
     */
    float largestProduct(float[] magnitudes, int offset, int groups, float[] alphas, int alphaOffset);
}
