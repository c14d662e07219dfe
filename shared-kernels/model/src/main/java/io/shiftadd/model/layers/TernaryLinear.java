package io.shiftadd.model.layers;

import io.shiftadd.format.MatrixRows;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.kernel.coding.ApotScales;
import io.shiftadd.kernel.coding.BinaryCoding;
import io.shiftadd.kernel.coding.GroupShape;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Weights of −1, 0 and 1 with one scale, without loss in two binary matrices: {@code t·s = s·(½b₁ + ½b₂)}. The packed
 * kernels look up and add, {@code y[n] = s·(Σ_k t[n,k]·x[k]) + b[n]}; only the scale multiplies.
 */
public final class TernaryLinear implements LinearLayer {

    private static final byte MINUS = 0b00;
    private static final byte ZERO = 0b01;
    private static final byte PLUS = 0b11;

    private final PackedLinear values;
    private final float scale;
    private final float @Nullable [] bias;

    private TernaryLinear(PackedLinear values, float scale, float @Nullable [] bias) {
        this.values = values;
        this.scale = scale;
        this.bias = bias;
    }

    /** Packs a matrix; empty if it has another magnitude than 0 and one more. */
    static Optional<LinearLayer> of(MatrixRows matrix, float @Nullable [] bias) {
        int outputs = Math.toIntExact(matrix.shape()[0]);
        int inputs = Math.toIntExact(matrix.shape()[1]);
        byte[] codes = new byte[Math.multiplyExact(outputs, inputs)];
        float[] row = new float[inputs];
        float scale = 0;
        for (int n = 0; n < outputs; n++) {
            matrix.copyRow(n, row, 0);
            for (int k = 0; k < inputs; k++) {
                float magnitude = Math.abs(row[k]);
                scale = scale == 0 ? magnitude : scale;
                if (magnitude != 0 && magnitude != scale) {
                    return Optional.empty();
                }
                codes[n * inputs + k] = row[k] == 0 ? ZERO : row[k] > 0 ? PLUS : MINUS;
            }
        }
        float[] halves = new float[2 * inputs];
        Arrays.fill(halves, 0.5f);
        BinaryCoding coding = new BinaryCoding(
                outputs, inputs, 2, GroupShape.columnWise(outputs), ApotScales.round(halves, 2, 1, inputs, 1), codes);
        return Optional.of(new TernaryLinear(PackedLinear.pack(coding, null, null, null), scale, bias));
    }

    /** The layer of −1, 0 and 1. */
    PackedLinear values() {
        return values;
    }

    float scale() {
        return scale;
    }

    @Override
    public int inputs() {
        return values.inputs();
    }

    @Override
    public int outputs() {
        return values.outputs();
    }

    @Override
    public long weightBytes() {
        return values.weightBytes() + Float.BYTES;
    }

    @Override
    public void forward(float[] x, float[] y, int tokens, KernelContext context) {
        values.forward(x, y, tokens, context);
        int width = outputs();
        for (int t = 0; t < tokens; t++) {
            Elementwise.scale(scale, y, t * width, (t + 1) * width);
            if (bias != null) {
                Elementwise.add(bias, 0, y, t * width, width);
            }
        }
    }
}
