package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.coding.RowwiseCoding;

/**
 * Equidistant values for each row, or group of columns of it: the asymmetric min-max grid of RTN and OPTQ,
 * {@code ŵ = step·(c − zero)} with c from 0 to {@code 2^q − 1}; 0 is always a value.
 */
final class RowGrid {

    private final int outputs;
    private final int inputs;
    private final int bits;
    private final int columnsPerGroup;
    private final float[] steps;
    private final float[] zeros;

    RowGrid(int outputs, int inputs, int bits, int columnsPerGroup) {
        this.outputs = outputs;
        this.inputs = inputs;
        this.bits = bits;
        this.columnsPerGroup = columnsPerGroup;
        int groups = Math.ceilDiv(inputs, columnsPerGroup);
        steps = new float[outputs * groups];
        zeros = new float[outputs * groups];
    }

    /** Spans the grid of a group over the weights of row {@code n} at {@code offset + i·stride}. */
    void span(int n, int group, float[] weights, int offset, int stride, int count) {
        float least = 0;
        float greatest = 0;
        for (int i = 0; i < count; i++) {
            float weight = weights[offset + i * stride];
            least = Math.min(least, weight);
            greatest = Math.max(greatest, weight);
        }
        if (least == 0 && greatest == 0) {
            least = -1;
            greatest = 1;
        }
        int index = n * groups() + group;
        steps[index] = (greatest - least) / greatestCode();
        zeros[index] = (float) Math.rint(-least / steps[index]);
    }

    /** Spans all grids over a matrix {@code [N, K]}. */
    void spanAll(float[] weights) {
        for (int n = 0; n < outputs; n++) {
            for (int group = 0; group < groups(); group++) {
                int first = group * columnsPerGroup;
                int count = Math.min(columnsPerGroup, inputs - first);
                span(n, group, weights, n * inputs + first, 1, count);
            }
        }
    }

    int code(int n, int group, float weight) {
        int index = n * groups() + group;
        double code = Math.rint(weight / steps[index]) + zeros[index];
        return (int) Math.clamp(code, 0, greatestCode());
    }

    float value(int n, int group, int code) {
        int index = n * groups() + group;
        return steps[index] * (code - zeros[index]);
    }

    /** As a sum of binary matrices: {@code s_i = step·2^(i−1)}, {@code z = step·((2^q − 1)/2 − zero)}. */
    RowwiseCoding coding(byte[] codes) {
        float[] scales = new float[bits * steps.length];
        float[] offsets = new float[steps.length];
        for (int i = 0; i < steps.length; i++) {
            for (int bit = 0; bit < bits; bit++) {
                scales[bit * steps.length + i] = Math.scalb(steps[i], bit - 1);
            }
            offsets[i] = steps[i] * (greatestCode() / 2f - zeros[i]);
        }
        return new RowwiseCoding(outputs, inputs, bits, columnsPerGroup, scales, offsets, codes);
    }

    int groups() {
        return Math.ceilDiv(inputs, columnsPerGroup);
    }

    private int greatestCode() {
        return (1 << bits) - 1;
    }
}
