package io.shiftadd.model;

import io.shiftadd.model.attention.AttentionShape;
import io.shiftadd.model.layers.Norm;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a block without experts is made of, for those who compute with it in another way than
 * {@link DecoderBlock#forward}.
 *
 * @param projections names of the layers of queries, keys and values, or of the one for all three
 * @param gate null where feed-forward is not gated, or where {@code up} gives the gate, too
 * @param attentionNorm before attention, or after its residual addition; null for none, as all norms
 * @param queryNorm on queries before they are rotated, each head's or all heads' together
 * @param mixedNorm on what attention mixed, before its last layer
 * @param innerNorm on what feed-forward's last layer sees
 */
public record BlockAnatomy(
        AttentionShape attention,
        List<String> projections,
        String attentionOutput,
        @Nullable String gate,
        String up,
        String down,
        @Nullable NamedNorm attentionNorm,
        @Nullable NamedNorm queryNorm,
        @Nullable NamedNorm keyNorm,
        @Nullable NamedNorm mixedNorm,
        @Nullable NamedNorm attentionOutputNorm,
        @Nullable NamedNorm feedForwardNorm,
        @Nullable NamedNorm innerNorm,
        @Nullable NamedNorm feedForwardOutputNorm) {

    /** A norm and the name of its tensors without {@code .weight} and {@code .bias}. */
    public record NamedNorm(String name, Norm norm) {}
}
