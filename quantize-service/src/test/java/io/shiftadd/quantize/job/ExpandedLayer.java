package io.shiftadd.quantize.job;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.kernel.coding.BinaryCoding;
import io.shiftadd.kernel.rotation.HadamardRotation;

/**
 * A packed layer's weights expanded to float, multiplied in plain loops; and how far the packed layer may be from it.
 */
record ExpandedLayer(PackedLinear packed, float[] weights) implements LinearLayer {

    /** Up to here all columns share the step of a plane's tables. */
    private static final int MAX_INPUTS = 512;

    static ExpandedLayer of(PackedLinear packed) {
        if (packed.inputs() > MAX_INPUTS) {
            throw new IllegalArgumentException("the bound is worked out for up to " + MAX_INPUTS + " inputs");
        }
        return new ExpandedLayer(packed, packed.toDense());
    }

    @Override
    public int inputs() {
        return packed.inputs();
    }

    @Override
    public int outputs() {
        return packed.outputs();
    }

    @Override
    public long weightBytes() {
        return 4L * weights.length;
    }

    @Override
    public void forward(float[] x, float[] y, int tokens, KernelContext context) {
        float[] bias = packed.bias();
        for (int t = 0; t < tokens; t++) {
            for (int n = 0; n < outputs(); n++) {
                double sum = bias == null ? 0 : bias[n];
                for (int k = 0; k < inputs(); k++) {
                    sum += (double) weights[n * inputs() + k] * x[t * inputs() + k];
                }
                y[t * outputs() + n] = (float) sum;
            }
        }
    }

    /**
     * The bound that {@link PackedLinear} states: half a step for every four columns and plane, rounding of floats, and
     * after a rotation of the outputs the sum over its block.
     *
     * @param x one token's inputs
     */
    double[] bound(float[] x) {
        BinaryCoding coding = packed.unpack();
        float[] rotated = x.clone();
        HadamardRotation input = packed.inputRotation();
        if (input != null) {
            input.apply(rotated, 0);
        }
        double[] rows = new double[outputs()];
        for (int n = 0; n < rows.length; n++) {
            rows[n] = rowBound(coding, rotated, n);
        }
        HadamardRotation output = packed.outputRotation();
        return output == null ? rows : sumsOfBlocks(rows, output.blockSize());
    }

    private double rowBound(BinaryCoding coding, float[] x, int row) {
        double allowed = 0;
        double magnitudes = 0;
        for (int bit = 0; bit < coding.bits(); bit++) {
            double[] groups = new double[MAX_INPUTS / 4];
            for (int k = 0; k < x.length; k++) {
                double scale = coding.scales()
                        .value(
                                bit,
                                row / coding.groups().rowsPerGroup(),
                                k / coding.groups().columnsPerGroup());
                groups[k / 4] += Math.abs(x[k] * scale);
                magnitudes += Math.abs(x[k] * scale);
            }
            double largest = 0;
            for (int group = 0; group < groups.length; group += 2) {
                largest = Math.max(largest, groups[group] + groups[group + 1]);
            }
            allowed += Math.ceilDiv(x.length, 4) * 0.5 * largest / PackedLinear.TABLE_LEVELS;
        }
        // Rotations and the expansion round, too.
        return allowed * 1.001 + magnitudes * (coding.bits() + 32) * 0x1p-24 + 1e-30;
    }

    private static double[] sumsOfBlocks(double[] rows, int blockSize) {
        double[] sums = new double[rows.length];
        for (int n = 0; n < rows.length; n++) {
            int begin = n / blockSize * blockSize;
            for (int i = begin; i < begin + blockSize; i++) {
                sums[n] += rows[i];
            }
        }
        return sums;
    }
}
