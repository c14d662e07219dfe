package io.shiftadd.motion.reward;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.lang.foreign.MemorySegment;

/** Reading of native arrays of doubles. */
final class Doubles {

    private Doubles() {}

    static double at(MemorySegment array, int index) {
        return array.get(JAVA_DOUBLE, (long) index * Double.BYTES);
    }
}
