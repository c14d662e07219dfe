package io.shiftadd.model.layers;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.MatrixRows;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import org.jspecify.annotations.Nullable;

/**
 * A layer whose weights are signs times powers of two, {@code W = ±2^P}, P from −14 to 0, or 0: products are shifts.
 *
 * <p>The specification is {@link #forwardFixed}: activations in 16.16 fixed point, rounded to nearest, shifted right by
 * −P (rounding down), added up in 64 bits. {@link #forward} is the fast way: the powers are exact in float, so products
 * are, too, and sums go through the products of float layers. Both differ by at most {@code inputs·2⁻¹⁶·1.5} and what a
 * float sum rounds. Source: ShiftAddViT (arXiv 2306.06446), after DeepShift.
 */
public final class ShiftLinear implements LinearLayer {

    /** Bits behind the point of an activation. */
    public static final int FRACTION = 16;

    private static final int LEAST_POWER = -14;
    private static final double ONE = 1 << FRACTION;

    private final DenseLinear exact;
    private final int inputs;
    private final int outputs;
    private final byte[] codes; // 0, or ±(1 − P)
    private final float @Nullable [] bias;

    /** @throws FormatException if a weight is something else */
    public ShiftLinear(MatrixRows weights, float @Nullable [] bias) {
        this.exact = new DenseLinear(weights, bias);
        this.bias = bias;
        this.inputs = exact.inputs();
        this.outputs = exact.outputs();
        this.codes = new byte[Math.multiplyExact(inputs, outputs)];
        float[] row = new float[inputs];
        for (int n = 0; n < outputs; n++) {
            weights.copyRow(n, row, 0);
            for (int k = 0; k < inputs; k++) {
                codes[n * inputs + k] = code(row[k], weights.name());
            }
        }
    }

    private static byte code(float weight, String name) {
        if (weight == 0) {
            return 0;
        }
        int power = Math.getExponent(weight);
        boolean isPower = Math.abs(weight) == Math.scalb(1f, power);
        if (!isPower || power < LEAST_POWER || power > 0) {
            throw new FormatException(
                    "has the weight " + weight,
                    "tensor '" + name + "'",
                    "a layer of shifts has signs times powers of two from 2^" + LEAST_POWER + " to 1, and zeros",
                    "Use a checkpoint whose shift layers were trained as such.");
        }
        return (byte) (weight < 0 ? power - 1 : 1 - power);
    }

    @Override
    public int inputs() {
        return inputs;
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public long weightBytes() {
        return exact.weightBytes();
    }

    @Override
    public void forward(float[] x, float[] y, int tokens, KernelContext context) {
        exact.forward(x, y, tokens, context);
    }

    /** Plain loops in fixed point; activations beyond ±32768 are cut off. */
    public void forwardFixed(float[] x, float[] y, int tokens) {
        int[] fixed = new int[inputs];
        for (int t = 0; t < tokens; t++) {
            for (int k = 0; k < inputs; k++) {
                fixed[k] = (int) Math.clamp(Math.rint(x[t * inputs + k] * ONE), Integer.MIN_VALUE, Integer.MAX_VALUE);
            }
            for (int n = 0; n < outputs; n++) {
                long sum = 0;
                for (int k = 0; k < inputs; k++) {
                    int code = codes[n * inputs + k];
                    if (code != 0) {
                        int shifted = fixed[k] >> Math.abs(code) - 1;
                        sum += code > 0 ? shifted : -(long) shifted;
                    }
                }
                y[t * outputs + n] = (float) (sum / ONE + (bias == null ? 0 : bias[n]));
            }
        }
    }
}
