package io.shiftadd.cli.bench;

import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.kernel.coding.ApotScales;
import io.shiftadd.kernel.coding.BinaryCoding;
import org.jspecify.annotations.Nullable;

/**
 * Two experts of one packed layer: all its planes, and the first of them alone, with the same scales and rotations.
 *
 * @param rich the layer as it is served
 * @param cheap of fewer planes
 */
record PlaneExperts(PackedLinear rich, PackedLinear cheap) {

    /**
     * Planes may be put into any order group by group without a change of the weights: here the largest scales come
     * first.
     *
     * @param planes of the cheap expert
     * @throws IllegalArgumentException if the layer has no more than that
     */
    static PlaneExperts of(PackedLinear layer, int planes) {
        if (planes < 1 || planes >= layer.bits()) {
            throw new IllegalArgumentException(
                    "of a layer of " + layer.bits() + " planes a cheap expert cannot read " + planes);
        }
        return new PlaneExperts(
                layer,
                PackedLinear.pack(
                        largest(layer.unpack(), planes), layer.bias(), layer.inputRotation(), layer.outputRotation()));
    }

    /** @param missing {@code [outputs]}: what the planes that the cheap expert leaves out add on average */
    PlaneExperts compensated(float[] missing) {
        float @Nullable [] bias = cheap.bias();
        float[] moved = missing.clone();
        for (int n = 0; bias != null && n < moved.length; n++) {
            moved[n] += bias[n];
        }
        return new PlaneExperts(rich, cheap.withBias(moved));
    }

    long weights() {
        return (long) rich.inputs() * rich.outputs();
    }

    private static BinaryCoding largest(BinaryCoding coding, int planes) {
        ApotScales scales = coding.scales();
        int columnGroups = scales.columnGroups();
        int[][] chosen = new int[scales.groups()][];
        byte[] encoded = new byte[planes * scales.groups() * scales.terms()];
        for (int group = 0; group < chosen.length; group++) {
            int rowGroup = group / columnGroups;
            int columnGroup = group % columnGroups;
            chosen[group] = byMagnitude(scales, rowGroup, columnGroup);
            for (int plane = 0; plane < planes; plane++) {
                int from = scales.offset(chosen[group][plane], rowGroup, columnGroup);
                int to = (plane * scales.groups() + group) * scales.terms();
                System.arraycopy(scales.encoded(), from, encoded, to, scales.terms());
            }
        }
        byte[] codes = new byte[coding.codes().length];
        for (int i = 0; i < codes.length; i++) {
            int rowGroup = i / coding.inputs() / coding.groups().rowsPerGroup();
            int columnGroup = i % coding.inputs() / coding.groups().columnsPerGroup();
            int[] order = chosen[rowGroup * columnGroups + columnGroup];
            for (int plane = 0; plane < planes; plane++) {
                codes[i] |= (byte) ((coding.codes()[i] >> order[plane] & 1) << plane);
            }
        }
        return new BinaryCoding(
                coding.outputs(),
                coding.inputs(),
                planes,
                coding.groups(),
                new ApotScales(planes, scales.rowGroups(), columnGroups, scales.terms(), encoded),
                codes);
    }

    /** Numbers of a group's planes, that of the largest scale first; of equals the first. */
    private static int[] byMagnitude(ApotScales scales, int rowGroup, int columnGroup) {
        int[] order = new int[scales.bits()];
        for (int plane = 0; plane < order.length; plane++) {
            float magnitude = Math.abs(scales.value(plane, rowGroup, columnGroup));
            int at = plane;
            while (at > 0 && Math.abs(scales.value(order[at - 1], rowGroup, columnGroup)) < magnitude) {
                order[at] = order[at - 1];
                at--;
            }
            order[at] = plane;
        }
        return order;
    }
}
