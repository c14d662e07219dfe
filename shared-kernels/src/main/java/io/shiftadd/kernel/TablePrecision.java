package io.shiftadd.kernel;

/**
 * Width of a look-up table's entries. A table's step is the largest sum of the magnitudes of four shifted activations
 * in its chunk of {@value TableLayout#CHUNK_COLUMNS} columns, divided by {@link #levels()}; an entry is off by at most
 * half a step, so a row's result by at most half a step for every four columns and bit, plus float rounding.
 */
public enum TablePrecision {
    /** One byte an entry, 127 levels of either sign. */
    INT8(127, 1),
    /** Two byte tables an entry, 32,767 levels of either sign: for a layer whose outliers spoil the 8-bit step. */
    INT16(32_767, 2);

    private final int levels;
    private final int bytes;

    TablePrecision(int levels, int bytes) {
        this.levels = levels;
        this.bytes = bytes;
    }

    /** The largest magnitude of an entry in steps. */
    public int levels() {
        return levels;
    }

    /** Byte tables an entry is spread over. */
    int bytes() {
        return bytes;
    }

    /** What is added to an entry to make it unsigned. */
    int bias() {
        return levels + 1;
    }

    int bits() {
        return bytes * Byte.SIZE;
    }

    static TablePrecision ofBits(int bits) {
        for (TablePrecision precision : values()) {
            if (precision.bits() == bits) {
                return precision;
            }
        }
        throw new IllegalArgumentException("look-up tables have entries of 8 or 16 bits, not " + bits);
    }
}
