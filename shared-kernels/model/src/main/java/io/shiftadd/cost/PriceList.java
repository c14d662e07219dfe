package io.shiftadd.cost;

/** What an operation is taken to cost: lists of energies at 45 nm that are not to be mixed. */
public enum PriceList {
    /** Arithmetic in the types that are counted, look-ups and memory: the platform's own. */
    WHOLE,
    /**
     * Arithmetic alone, additions and multiplications all in float32: what papers on models of shifts and additions
     * compare by. Nothing is read in it, so it flatters whatever trades arithmetic for look-ups.
     */
    ARITHMETIC
}
