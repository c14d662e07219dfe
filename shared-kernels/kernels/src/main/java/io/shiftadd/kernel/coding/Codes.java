package io.shiftadd.kernel.coding;

import java.util.Objects;

/** The byte a weight of a coding: bit {@code i} says the sign of its i-th binary matrix. */
final class Codes {

    private Codes() {}

    static void check(int outputs, int inputs, int bits, byte[] codes) {
        Objects.requireNonNull(codes, "codes");
        if (outputs < 1 || inputs < 1) {
            throw new IllegalArgumentException("a layer has outputs and inputs, not [" + outputs + ", " + inputs + "]");
        }
        if (bits < 1 || bits > BinaryCoding.MAX_BITS) {
            throw new IllegalArgumentException(
                    bits + " bits a weight; 1 to " + BinaryCoding.MAX_BITS + " are possible");
        }
        if (codes.length != Math.multiplyExact(outputs, inputs)) {
            throw new IllegalArgumentException("a [" + outputs + ", " + inputs + "] matrix takes "
                    + Math.multiplyExact(outputs, inputs) + " codes, not " + codes.length);
        }
    }
}
