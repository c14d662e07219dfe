package io.shiftadd.kernel.packed;

import io.shiftadd.kernel.coding.RowwiseCoding;

/**
 * Scales {@code [bits, outputs, groups]} and offsets {@code [outputs, groups]} of a row-wise layer, all of them values
 * of float16.
 */
public record RowwiseScales(int columnsPerGroup, int groups, float[] scales, float[] offsets) {

    public static RowwiseScales of(RowwiseCoding coding) {
        return new RowwiseScales(
                coding.columnsPerGroup(), coding.groups(), rounded(coding.scales()), rounded(coding.offsets()));
    }

    public void check(PlaneLayout shape) {
        if (columnsPerGroup < shape.inputs() && columnsPerGroup % PlaneLayout.TILE_COLUMNS != 0) {
            throw new IllegalArgumentException(
                    "groups of " + columnsPerGroup + " columns cannot be served: a multiple of "
                            + PlaneLayout.TILE_COLUMNS + " or all " + shape.inputs() + " columns share a scale");
        }
        long perPlane = (long) shape.outputs() * Math.ceilDiv(shape.inputs(), columnsPerGroup);
        if (offsets.length != perPlane || scales.length != perPlane * shape.bits()) {
            throw new IllegalArgumentException(
                    scales.length + " scales and " + offsets.length + " offsets do not fit " + shape);
        }
    }

    /** Bytes as they are stored. */
    public long bytes() {
        return (long) Short.BYTES * (scales.length + offsets.length);
    }

    private static float[] rounded(float[] values) {
        float[] halves = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            halves[i] = Float.float16ToFloat(Float.floatToFloat16(values[i]));
            if (!Float.isFinite(halves[i])) {
                throw new IllegalArgumentException("the scale or offset " + values[i] + " does not fit float16");
            }
        }
        return halves;
    }
}
