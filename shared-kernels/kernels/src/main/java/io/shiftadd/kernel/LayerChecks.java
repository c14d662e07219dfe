package io.shiftadd.kernel;

import io.shiftadd.kernel.packed.PackedScales;
import io.shiftadd.kernel.packed.PlaneLayout;
import io.shiftadd.kernel.rotation.HadamardRotation;
import org.jspecify.annotations.Nullable;

/** What must hold of a layer's parts and of a call's arrays; checked once, so that kernels need not. */
final class LayerChecks {

    private LayerChecks() {}

    static void check(
            PlaneLayout layout,
            PackedScales scales,
            float @Nullable [] bias,
            @Nullable HadamardRotation input,
            @Nullable HadamardRotation output) {
        int rows = scales.rowsPerGroup();
        if (scales.bits() != layout.bits()
                || layout.rowsPerGroup() != rows
                || scales.rowGroups() != Math.ceilDiv(layout.outputs(), rows)
                || scales.columnGroups() != Math.ceilDiv(layout.inputs(), scales.columnsPerGroup())) {
            throw new IllegalArgumentException("scales [" + scales.bits() + ", " + scales.rowGroups() + ", "
                    + scales.terms() + ", " + scales.columnGroups() + "] do not fit " + layout);
        }
        if (bias != null && bias.length != layout.outputs()) {
            throw new IllegalArgumentException(
                    "a bias of " + bias.length + " values does not fit " + layout.outputs() + " outputs");
        }
        checkRotation("input", input, layout.inputs());
        checkRotation("output", output, layout.outputs());
    }

    private static void checkRotation(String side, @Nullable HadamardRotation rotation, int width) {
        if (rotation != null && rotation.width() != width) {
            throw new IllegalArgumentException(
                    "the " + side + " rotation has width " + rotation.width() + ", the layer's " + side + "s " + width);
        }
    }

    static void checkArrays(LinearLayer layer, float[] x, float[] y, int tokens) {
        if (tokens < 0
                || x.length < (long) tokens * layer.inputs()
                || y.length < (long) tokens * layer.outputs()
                || x == y) {
            throw new IllegalArgumentException(tokens + " tokens of a [" + layer.outputs() + ", " + layer.inputs()
                    + "] layer do not fit an input of " + x.length + " and another array of " + y.length + " floats");
        }
    }
}
