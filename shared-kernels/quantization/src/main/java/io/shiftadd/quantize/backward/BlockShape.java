package io.shiftadd.quantize.backward;

import io.shiftadd.model.attention.AttentionShape;
import io.shiftadd.model.attention.HeadView;
import io.shiftadd.model.family.Activation;
import org.jspecify.annotations.Nullable;

/**
 * What a decoder block computes, apart from its weights: what {@link BlockPass} asks of a model.
 *
 * @param hidden length of a token's state
 * @param inner length between the feed-forward layers
 * @param rotary of queries and keys, or null
 * @param normFirst norms before each half; otherwise after its residual addition
 * @param residualFromNorm the residual is the normed input
 * @param residualScale what a half's output is multiplied by before it is added
 * @param parallel both halves see the block's input, and both are added to it
 * @param fusedGate whether one layer gives gate and up, the gate's outputs first
 * @param normsOfAllHeads whether a norm on queries or keys is of all heads' vectors together, not of each
 */
public record BlockShape(
        int hidden,
        int inner,
        AttentionShape attention,
        @Nullable RotaryTable rotary,
        Activation activation,
        boolean normFirst,
        boolean residualFromNorm,
        float residualScale,
        boolean parallel,
        boolean fusedGate,
        boolean normsOfAllHeads) {

    /** Elements of a token's mixed values. */
    int width() {
        return attention.heads() * attention.headDim();
    }

    /** One vector of a token. */
    static HeadView whole(int width) {
        return new HeadView(width, width, 0);
    }
}
