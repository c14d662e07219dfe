package io.shiftadd.kernel;

import java.util.List;

/**
 * A linear layer {@code y[t,n] = Σ_k W[n,k]·x[t,k] + b[n]}.
 *
 * <p>For packed layers the result of a token is the same, bit for bit, whatever the number of tokens in the call and
 * the number of threads of the context.
 */
public interface LinearLayer {

    /** K, the length of an input vector. */
    int inputs();

    /** N, the length of an output vector. */
    int outputs();

    /** Bytes of weights that one pass over one token reads: planes and scales, or the dense matrix. */
    long weightBytes();

    /**
     * Computes {@code y} from {@code x}.
     *
     * @param x inputs, row-major {@code [tokens, inputs()]}; may be longer; not changed
     * @param y outputs, row-major {@code [tokens, outputs()]}; may be longer; overwritten; must not be {@code x}
     * @param tokens how many vectors; 0 does nothing
     * @param context threads and scratch memory; used by this call alone
     * @throws IllegalArgumentException if an array is too short
     */
    void forward(float[] x, float[] y, int tokens, KernelContext context);

    /**
     * Runs layers that share an input, {@code ys.get(i)} for {@code layers.get(i)}; the same results as one
     * {@link #forward} after the other. Packed layers share parallel regions and rotations of the input.
     *
     * @throws IllegalArgumentException if an array is too short or the lists have different lengths
     */
    static void forwardAll(
            List<? extends LinearLayer> layers, float[] x, List<float[]> ys, int tokens, KernelContext context) {
        if (layers.size() != ys.size()) {
            throw new IllegalArgumentException(layers.size() + " layers have " + ys.size() + " outputs");
        }
        boolean packed = layers.size() <= PackedForward.MAX_LAYERS;
        for (int i = 0; i < layers.size(); i++) {
            LayerChecks.checkArrays(layers.get(i), x, ys.get(i), tokens);
            packed &= layers.get(i) instanceof PackedLinear;
        }
        if (packed) {
            PackedLinear.forwardPacked(layers, x, ys, tokens, context);
            return;
        }
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).forward(x, ys.get(i), tokens, context);
        }
    }
}
