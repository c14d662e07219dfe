package io.shiftadd.kernel.tables;

import io.shiftadd.kernel.packed.PlaneLayout;
import io.shiftadd.kernel.packed.TableLayout;

/**
 * What tables are made of: the activations of some tokens and, once they are {@linkplain TableBuilder#prepare
 * prepared}, what the tables of all row groups and of all layers that read them have in common. Kept by a thread and
 * reused.
 */
public final class TableInput {

    private static final float[] NONE = {};

    private float[] x = NONE;
    private int offset;
    private int inputs;
    private boolean prepared;
    private boolean withSums;
    private float[] magnitudes = NONE;
    private float[] sums = NONE;

    /** Takes activations [tokens, inputs] from {@code offset}; nothing is prepared. */
    public void read(float[] activations, int from, int columns) {
        x = activations;
        offset = from;
        inputs = columns;
        prepared = false;
        withSums = false;
    }

    /** Whether these activations were prepared, and not forgotten since. */
    public boolean isPreparedFor(float[] activations, int from) {
        return prepared && x == activations && offset == from;
    }

    /** To be called before the activations change, or the caller's array is given back. */
    public void forget() {
        read(NONE, 0, 0);
    }

    /** Says that magnitudes, and perhaps sums, are those of the activations. */
    void prepared(boolean sumsToo) {
        prepared = true;
        withSums = sumsToo;
    }

    float[] x() {
        return x;
    }

    /** Where the activations of a token begin. */
    int offset(int token) {
        return offset + token * inputs;
    }

    int inputs() {
        return inputs;
    }

    /** Columns, padded to whole tiles. */
    int columns() {
        return Math.ceilDiv(inputs, PlaneLayout.TILE_COLUMNS) * PlaneLayout.TILE_COLUMNS;
    }

    /** Groups of four columns of a token: so many magnitudes it has. */
    int groups() {
        return columns() / TableLayout.GROUP_COLUMNS;
    }

    boolean isPrepared() {
        return prepared;
    }

    /** Whether the signed sums of every group were made; that takes two floats a column, so only of a single token. */
    boolean hasSums() {
        return withSums;
    }

    /** {@code (|x_0| + |x_1|) + (|x_2| + |x_3|)} of every four columns, [tokens, groups]. */
    float[] magnitudes() {
        return magnitudes;
    }

    /** Half of the signed sums of every group, in the order in which the builder packs them. */
    float[] sums() {
        return sums;
    }

    /** Room for the magnitudes of so many tokens. */
    float[] magnitudes(int tokens) {
        int size = tokens * groups() + TableBuilder.SLACK;
        if (magnitudes.length < size) {
            magnitudes = new float[size];
        }
        return magnitudes;
    }

    /** Room for {@link #sums} of a token. */
    float[] roomForSums() {
        int size = columns() * TableEntries.SUMS_OF_COLUMN;
        if (sums.length < size) {
            sums = new float[size];
        }
        return sums;
    }
}
