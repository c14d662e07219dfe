package io.shiftadd.kernel.coding;

/**
 * Which weights of a matrix {@code [N, K]} share a scale: {@code rowsPerGroup} consecutive rows times
 * {@code columnsPerGroup} consecutive columns; the last group of either direction may be smaller.
 *
 * <p>Rows of a packed layer that share their look-up tables are padded to a multiple of {@value #ROW_MULTIPLE}, the
 * rows of a tile.
 */
public record GroupShape(int rowsPerGroup, int columnsPerGroup) {

    /** Rows of a tile of the packed layout. */
    public static final int ROW_MULTIPLE = 64;

    private static final int BLOCK_COLUMNS = 8;
    private static final int BLOCK_ROW_GROUPS = 8;

    public GroupShape {
        if (rowsPerGroup < 1 || columnsPerGroup < 1) {
            throw new IllegalArgumentException("a group has at least one row and one column, not " + rowsPerGroup
                    + " × " + columnsPerGroup + "; use columnWise or blockWise");
        }
    }

    /** One scale a column: ShiftAddLLM (Acc.). */
    public static GroupShape columnWise(int outputs) {
        return new GroupShape(outputs, 1);
    }

    /** {@code rowGroups} scales a column, of equal numbers of rows rounded up to a multiple of 64. */
    public static GroupShape columnWise(int outputs, int rowGroups) {
        return rowGroups == 1 ? columnWise(outputs) : new GroupShape(roundedRows(outputs, rowGroups), 1);
    }

    /** 8 columns × an eighth of the rows, rounded up to a multiple of 64: ShiftAddLLM (Lat.). */
    public static GroupShape blockWise(int outputs) {
        return new GroupShape(roundedRows(outputs, BLOCK_ROW_GROUPS), BLOCK_COLUMNS);
    }

    /** Number of groups over {@code outputs} rows. */
    public int rowGroups(int outputs) {
        return Math.ceilDiv(outputs, rowsPerGroup);
    }

    /** Number of groups over {@code inputs} columns. */
    public int columnGroups(int inputs) {
        return Math.ceilDiv(inputs, columnsPerGroup);
    }

    private static int roundedRows(int outputs, int rowGroups) {
        int rows = Math.ceilDiv(outputs, rowGroups);
        return Math.ceilDiv(rows, ROW_MULTIPLE) * ROW_MULTIPLE;
    }
}
