package io.shiftadd.kernel.packed;

import org.jspecify.annotations.Nullable;

/**
 * What tables are made for, and where they go. Reused by a thread from call to call, as {@link RowPass} is for rows.
 */
public final class TablePass {

    private @Nullable PackedScales scales;
    private @Nullable TableLayout layout;
    private int rowGroup;
    private byte[] tables = {};
    private int tableOffset;
    private float[] steps = {};
    private int stepOffset;

    /** The scales of a row group, and how its tables are laid out. */
    public TablePass of(PackedScales packedScales, int group, TableLayout tableLayout) {
        scales = packedScales;
        rowGroup = group;
        layout = tableLayout;
        return this;
    }

    /**
     * @param tableArray tables of token {@code t} go to {@code firstTable + t·layout.tokenStride()}
     * @param stepArray steps of token {@code t} go to {@code firstStep + t·layout.steps()}
     */
    public TablePass into(byte[] tableArray, int firstTable, float[] stepArray, int firstStep) {
        tables = tableArray;
        tableOffset = firstTable;
        steps = stepArray;
        stepOffset = firstStep;
        return this;
    }

    public PackedScales scales() {
        return begun(scales);
    }

    public TableLayout layout() {
        return begun(layout);
    }

    public int rowGroup() {
        return rowGroup;
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

    /** α of a plane's first column group, in the scales' own array. */
    public int alphaOffset(int plane) {
        return scales().alphaOffset(plane, rowGroup);
    }

    private static <T> T begun(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("no tables are made");
        }
        return part;
    }
}
