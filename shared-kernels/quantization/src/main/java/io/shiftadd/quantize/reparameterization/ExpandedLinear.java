package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.quantize.reparameterization.NativeAlgebra.Matrix;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A layer expanded to a float matrix, for calibration alone: many tokens go through it faster than through look-up
 * tables or weights that are expanded for each of them. A reparameterized layer has the weights that are served,
 * without the rounding of tables; measurements use the packed layer.
 */
final class ExpandedLinear implements LinearLayer {

    /** Large, because a product first copies its factors into an order of its own. */
    private static final int TILE_ROWS = 512;

    private static final int TILE_TOKENS = 1024;
    private static final int LEAST_TOKENS = 128;

    /** Multiplications of one product: a few milliseconds, for which garbage waits. */
    private static final long PRODUCT = 1 << 28;

    private final int outputs;
    private final int inputs;
    private final float[] weights;
    private final float @Nullable [] bias;

    ExpandedLinear(int outputs, int inputs, float[] weights, float @Nullable [] bias) {
        this.outputs = outputs;
        this.inputs = inputs;
        this.weights = weights;
        this.bias = bias;
    }

    /** The same matrix, not copied, with another bias. */
    ExpandedLinear withBias(float @Nullable [] other) {
        return new ExpandedLinear(outputs, inputs, weights, other);
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
        return (long) weights.length * Float.BYTES;
    }

    @Override
    public void forward(float[] x, float[] y, int tokens, KernelContext context) {
        int rowTiles = Math.ceilDiv(outputs, TILE_ROWS);
        long inTime = PRODUCT / ((long) Math.min(outputs, TILE_ROWS) * inputs);
        int tileTokens = (int) Math.clamp(inTime, LEAST_TOKENS, TILE_TOKENS);
        int tokenTiles = Math.ceilDiv(tokens, tileTokens);
        context.parallelFor(rowTiles * tokenTiles, (tile, _) -> {
            int row = tile % rowTiles * TILE_ROWS;
            int token = tile / rowTiles * tileTokens;
            int rows = Math.min(TILE_ROWS, outputs - row);
            int count = Math.min(tileTokens, tokens - token);
            for (int t = token; t < token + count; t++) {
                if (bias == null) {
                    Arrays.fill(y, t * outputs + row, t * outputs + row + rows, 0);
                } else {
                    System.arraycopy(bias, row, y, t * outputs + row, rows);
                }
            }
            NativeAlgebra.multiply(
                    false,
                    true,
                    count,
                    rows,
                    inputs,
                    1,
                    new Matrix(x, token * inputs, inputs),
                    new Matrix(weights, row * inputs, inputs),
                    1,
                    new Matrix(y, token * outputs + row, outputs));
        });
    }
}
