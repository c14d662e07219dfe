package io.shiftadd.kernel.packed;

import org.jspecify.annotations.Nullable;

/**
 * What rows are looked up with, and where their results go. Reused by a thread from call to call: loops are called with
 * what they change, and find the rest here.
 */
public final class RowPass {

    private static final byte[] NO_TABLES = {};
    private static final float[] NOTHING = {};

    private @Nullable PackedPlanes planes;
    private @Nullable TableLayout layout;
    private byte[] tables = NO_TABLES;
    private int tableOffset;
    private float[] steps = NOTHING;
    private int stepOffset;
    private int tokens;
    private float[] y = NOTHING;
    private int yOffset;
    private int yStride;

    /** The layer's planes, and how tables for them are laid out. */
    public RowPass of(PackedPlanes bitPlanes, TableLayout tableLayout) {
        planes = bitPlanes;
        layout = tableLayout;
        return this;
    }

    /**
     * @param tableArray tables of token {@code t} from {@code firstTable + t·layout.tokenStride()}, with room for
     *     {@code RowLookUp.padded} tokens
     * @param stepArray steps of token {@code t} from {@code firstStep + t·layout.steps()}, with as much room
     */
    public RowPass with(byte[] tableArray, int firstTable, float[] stepArray, int firstStep) {
        tables = tableArray;
        tableOffset = firstTable;
        steps = stepArray;
        stepOffset = firstStep;
        return this;
    }

    /** Row {@code n} of token {@code t} goes to {@code offset + t·stride + n}. */
    public RowPass into(float[] result, int offset, int stride, int tokenCount) {
        y = result;
        yOffset = offset;
        yStride = stride;
        tokens = tokenCount;
        return this;
    }

    public PackedPlanes planes() {
        PackedPlanes current = planes;
        if (current == null) {
            throw new IllegalStateException("no rows are looked up");
        }
        return current;
    }

    public TableLayout layout() {
        TableLayout current = layout;
        if (current == null) {
            throw new IllegalStateException("no rows are looked up");
        }
        return current;
    }

    public byte[] tables() {
        return tables;
    }

    /** Where the tables of a chunk of a token begin. */
    public int table(int token, int plane, int chunk) {
        return tableOffset + token * layout().tokenStride() + layout().chunkOffset(plane, chunk);
    }

    public float[] steps() {
        return steps;
    }

    /** Where the step of a chunk of a token is. */
    public int step(int token, int plane, int chunk) {
        return stepOffset + token * layout().steps() + plane * layout().chunks() + chunk;
    }

    public int tokens() {
        return tokens;
    }

    public float[] y() {
        return y;
    }

    /** Where the rows of a token begin. */
    public int row(int token) {
        return yOffset + token * yStride;
    }
}
