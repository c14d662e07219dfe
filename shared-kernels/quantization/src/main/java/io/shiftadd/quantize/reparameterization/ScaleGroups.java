package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.coding.GroupShape;

/**
 * The scales of a layer while it is being fitted: {@code α[bit, rowGroup, columnGroup]}, columns in processing order.
 */
record ScaleGroups(int outputs, int inputs, int bits, GroupShape shape, float[] alphas) {

    static ScaleGroups empty(int outputs, int inputs, int bits, GroupShape shape) {
        return new ScaleGroups(
                outputs, inputs, bits, shape, new float[bits * shape.rowGroups(outputs) * shape.columnGroups(inputs)]);
    }

    int rowGroups() {
        return shape.rowGroups(outputs);
    }

    int columnGroups() {
        return shape.columnGroups(inputs);
    }

    int columnGroup(int column) {
        return column / shape.columnsPerGroup();
    }

    int firstRow(int rowGroup) {
        return rowGroup * shape.rowsPerGroup();
    }

    int endRow(int rowGroup) {
        return Math.min(outputs, (rowGroup + 1) * shape.rowsPerGroup());
    }

    /** Where α of bit 0 of a group is; the other bits follow at {@link #bitStride()}. */
    int offset(int rowGroup, int columnGroup) {
        return rowGroup * columnGroups() + columnGroup;
    }

    int bitStride() {
        return rowGroups() * columnGroups();
    }

    void fill(LevelTable table, int rowGroup, int columnGroup) {
        table.fill(alphas, offset(rowGroup, columnGroup), bitStride());
    }
}
