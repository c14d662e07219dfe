package io.shiftadd.kernel.packed;

/** Arrays that grow to the largest size asked for and are then reused: no allocation in steady state. */
public final class Scratch {

    /** What an array is for; two uses at the same time need two slots. */
    public enum Slot {
        ROTATED_INPUT,
        SHIFTED_INPUT,
        ALPHAS,
        FACTORS,
        TABLES,
        SUMS,
        ACCUMULATORS,
        LAST_ROWS,
        GROUP_SUMS,
        MAGNITUDES,
        STEPS
    }

    private final RowPass rowPass = new RowPass();
    private final float[][] floats = new float[Slot.values().length][0];
    private final short[][] shorts = new short[Slot.values().length][0];
    private final byte[][] bytes = new byte[Slot.values().length][0];

    /** What rows the thread looks up with. */
    public RowPass rowPass() {
        return rowPass;
    }

    /** At least {@code size} floats; contents are whatever the last use left. */
    public float[] floats(Slot slot, int size) {
        if (floats[slot.ordinal()].length < size) {
            floats[slot.ordinal()] = new float[size];
        }
        return floats[slot.ordinal()];
    }

    /** At least {@code size} bytes; contents are whatever the last use left. */
    public byte[] bytes(Slot slot, int size) {
        if (bytes[slot.ordinal()].length < size) {
            bytes[slot.ordinal()] = new byte[size];
        }
        return bytes[slot.ordinal()];
    }

    /** At least {@code size} shorts; contents are whatever the last use left. */
    public short[] shorts(Slot slot, int size) {
        if (shorts[slot.ordinal()].length < size) {
            shorts[slot.ordinal()] = new short[size];
        }
        return shorts[slot.ordinal()];
    }
}
