package io.shiftadd.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a family names the parts of a decoder block, relative to the block; null where it has none.
 *
 * @param attentionNorm before attention, or after its residual addition
 * @param projections queries, keys and values, or one layer for all three
 * @param queryNorm norm on queries; likewise {@code keyNorm}
 * @param mixedNorm norm on what attention has mixed, before the output's layer
 * @param attentionOutputNorm on attention's output
 * @param gate null where feed-forward is not gated, or {@code up} has both
 * @param innerNorm norm before {@code down}
 */
record BlockNames(
        @Nullable String attentionNorm,
        List<String> projections,
        @Nullable String queryNorm,
        @Nullable String keyNorm,
        @Nullable String mixedNorm,
        String output,
        @Nullable String attentionOutputNorm,
        @Nullable String feedForwardNorm,
        @Nullable String gate,
        String up,
        @Nullable String innerNorm,
        String down,
        @Nullable String feedForwardOutputNorm) {

    private static final List<String> SEPARATE = List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj");

    /** As LLaMA and its descendants name them. */
    static BlockNames decoder() {
        return new BlockNames(
                "input_layernorm",
                SEPARATE,
                null,
                null,
                null,
                "self_attn.o_proj",
                null,
                "post_attention_layernorm",
                "mlp.gate_proj",
                "mlp.up_proj",
                null,
                "mlp.down_proj",
                null);
    }

    /** Without a gate and with one norm before each half. */
    static BlockNames plain(
            String attentionNorm,
            List<String> projections,
            String output,
            String feedForwardNorm,
            String up,
            String down) {
        return new BlockNames(
                attentionNorm, projections, null, null, null, output, null, feedForwardNorm, null, up, null, down, null);
    }

    BlockNames withProjections(String... names) {
        return new BlockNames(
                attentionNorm,
                List.of(names),
                queryNorm,
                keyNorm,
                mixedNorm,
                output,
                attentionOutputNorm,
                feedForwardNorm,
                gate,
                up,
                innerNorm,
                down,
                feedForwardOutputNorm);
    }

    /** With norms on queries and keys. */
    BlockNames withQueryKeyNorms() {
        return new BlockNames(
                attentionNorm,
                projections,
                "self_attn.q_norm",
                "self_attn.k_norm",
                mixedNorm,
                output,
                attentionOutputNorm,
                feedForwardNorm,
                gate,
                up,
                innerNorm,
                down,
                feedForwardOutputNorm);
    }

    /** With norms before attention and feed-forward, or none, and on their outputs. */
    BlockNames withNorms(
            @Nullable String beforeAttention,
            String afterAttention,
            @Nullable String beforeFeedForward,
            String afterFeedForward) {
        return new BlockNames(
                beforeAttention,
                projections,
                queryNorm,
                keyNorm,
                mixedNorm,
                output,
                afterAttention,
                beforeFeedForward,
                gate,
                up,
                innerNorm,
                down,
                afterFeedForward);
    }

    /** With norms before the last layers of attention and feed-forward. */
    BlockNames withInnerNorms(String mixed, String inner) {
        return new BlockNames(
                attentionNorm,
                projections,
                queryNorm,
                keyNorm,
                mixed,
                output,
                attentionOutputNorm,
                feedForwardNorm,
                gate,
                up,
                inner,
                down,
                feedForwardOutputNorm);
    }

    /** Where one layer makes both the gate's and the other inputs of feed-forward. */
    BlockNames withGateIn(String name) {
        return new BlockNames(
                attentionNorm,
                projections,
                queryNorm,
                keyNorm,
                mixedNorm,
                output,
                attentionOutputNorm,
                feedForwardNorm,
                null,
                name,
                innerNorm,
                down,
                feedForwardOutputNorm);
    }
}
