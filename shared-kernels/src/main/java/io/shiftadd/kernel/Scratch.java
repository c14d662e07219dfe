package io.shiftadd.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** Arrays that grow to the largest size asked for and are then reused: no allocation in steady state. */
final class Scratch {

    /** What an array is for; two uses at the same time need two slots. */
    enum Slot {
        ROTATED_INPUT,
        SHIFTED_INPUT,
        FACTORS,
        TABLES,
        SUMS,
        ACCUMULATORS,
        LAST_ROWS,
        GROUP_SUMS,
        STEPS
    }

    private static final int LINE_BYTES = 64;

    /** Where what was touched goes to, so that the compiler does not leave it out. */
    private byte touched;

    private final float[][] floats = new float[Slot.values().length][0];
    private final short[][] shorts = new short[Slot.values().length][0];
    private final byte[][] bytes = new byte[Slot.values().length][0];

    /**
     * Reads a byte of every cache line, as far as there are, so that they are in the cache when they are needed: Java has
     * no instruction for that.
     */
    void touch(MemorySegment data, long offset, int count) {
        long end = Math.min(offset + count, data.byteSize());
        byte read = 0;
        for (long at = offset; at < end; at += LINE_BYTES) {
            read ^= data.get(JAVA_BYTE, at);
        }
        touched = read;
    }

    /** At least {@code size} floats; contents are whatever the last use left. */
    float[] floats(Slot slot, int size) {
        if (floats[slot.ordinal()].length < size) {
            floats[slot.ordinal()] = new float[size];
        }
        return floats[slot.ordinal()];
    }

    /** At least {@code size} bytes; contents are whatever the last use left. */
    byte[] bytes(Slot slot, int size) {
        if (bytes[slot.ordinal()].length < size) {
            bytes[slot.ordinal()] = new byte[size];
        }
        return bytes[slot.ordinal()];
    }

    /** At least {@code size} shorts; contents are whatever the last use left. */
    short[] shorts(Slot slot, int size) {
        if (shorts[slot.ordinal()].length < size) {
            shorts[slot.ordinal()] = new short[size];
        }
        return shorts[slot.ordinal()];
    }
}
