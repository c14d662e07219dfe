package io.shiftadd.kernel;

/**
 * Width of a look-up table's entries. A byte of codes selects two entries, of four columns each; a table's step is the
 * largest sum of the magnitudes of two such groups of shifted activations in its chunk of
 * {@value TableLayout#CHUNK_COLUMNS} columns (with 16 bits of half as many), divided by {@link #levels()}. An entry is
 * off by at most half a step, so a row's result by at most half a step for every four columns and bit, plus float
 * rounding.
 */
public enum TablePrecision {
    /**
     * One byte an entry, taken modulo 256: two entries, each off by half a step, add up to at most 127 of either sign,
     * so they can be added as bytes.
     */
    INT8(126, 64, 1),
    /** Two byte tables an entry, 32,767 levels of either sign: for a layer whose outliers spoil the 8-bit step. */
    INT16(32_767, 32_768, 2);

    private final int levels;
    private final int bias;
    private final int bytes;

    TablePrecision(int levels, int bias, int bytes) {
        this.levels = levels;
        this.bias = bias;
        this.bytes = bytes;
    }

    /** The largest magnitude of two entries that are looked up together, in steps. */
    public int levels() {
        return levels;
    }

    /** Byte tables an entry is spread over. */
    int bytes() {
        return bytes;
    }

    /** What is added to an entry, so that the sum of two of them (or each of 16 bits) is not negative. */
    int bias() {
        return bias;
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
