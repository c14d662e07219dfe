package io.shiftadd.quantize.reparameterization;

/**
 * Fits the scales of a column group when the push reaches its first column, on the weights as they are then, and gives
 * every column of the group the signs nearest under them.
 */
final class BinaryColumnQuantizer implements ColumnQuantizer {

    private final ScaleGroups scales;
    private final byte[] codes;
    private final BinaryFit fit;
    private final LevelTable table;
    private final float[] group;

    /** @param codes receives {@code [K, N]}, columns in processing order */
    BinaryColumnQuantizer(ScaleGroups scales, byte[] codes, int rounds, int terms) {
        this.scales = scales;
        this.codes = codes;
        fit = new BinaryFit(scales.bits(), rounds, terms);
        table = new LevelTable(scales.bits());
        int rows = Math.min(scales.outputs(), scales.shape().rowsPerGroup());
        group = new float[rows * scales.shape().columnsPerGroup()];
    }

    @Override
    public void quantize(int k, float[] columns, float[] quantized) {
        int columnGroup = scales.columnGroup(k);
        for (int g = 0; g < scales.rowGroups(); g++) {
            if (k % scales.shape().columnsPerGroup() == 0) {
                fitGroup(g, k, columns);
            }
            scales.fill(table, g, columnGroup);
            int column = k * scales.outputs();
            for (int n = scales.firstRow(g); n < scales.endRow(g); n++) {
                int rank = table.nearest(columns[column + n]);
                quantized[n] = table.level(rank);
                codes[column + n] = table.code(rank);
            }
        }
    }

    private void fitGroup(int rowGroup, int k, float[] columns) {
        int from = scales.firstRow(rowGroup);
        int rows = scales.endRow(rowGroup) - from;
        int end = Math.min(scales.inputs(), k + scales.shape().columnsPerGroup());
        int count = 0;
        for (int j = k; j < end; j++) {
            System.arraycopy(columns, j * scales.outputs() + from, group, count, rows);
            count += rows;
        }
        int offset = scales.offset(rowGroup, scales.columnGroup(k));
        fit.fit(group, count, scales.alphas(), offset, scales.bitStride());
    }
}
