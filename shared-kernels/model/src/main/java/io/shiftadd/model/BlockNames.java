package io.shiftadd.model;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a family names the parts of a decoder block, relative to the block.
 *
 * @param projections queries, keys and values, or one layer for all three
 * @param attentionNorm before attention, or after its residual addition
 * @param attentionOutputNorm on attention's output, or null
 * @param gate null where feed-forward is not gated
 */
record BlockNames(
        String attentionNorm,
        List<String> projections,
        String output,
        @Nullable String attentionOutputNorm,
        String feedForwardNorm,
        @Nullable String gate,
        String up,
        String down,
        @Nullable String feedForwardOutputNorm) {

    private static final List<String> SEPARATE = List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj");

    static BlockNames of(Family family) {
        return switch (family) {
            case OPT ->
                new BlockNames(
                        "self_attn_layer_norm",
                        SEPARATE,
                        "self_attn.out_proj",
                        null,
                        "final_layer_norm",
                        null,
                        "fc1",
                        "fc2",
                        null);
            case BLOOM ->
                new BlockNames(
                        "input_layernorm",
                        List.of("self_attention.query_key_value"),
                        "self_attention.dense",
                        null,
                        "post_attention_layernorm",
                        null,
                        "mlp.dense_h_to_4h",
                        "mlp.dense_4h_to_h",
                        null);
            case LLAMA, MISTRAL, GEMMA, QWEN2 ->
                new BlockNames(
                        "input_layernorm",
                        SEPARATE,
                        "self_attn.o_proj",
                        null,
                        "post_attention_layernorm",
                        "mlp.gate_proj",
                        "mlp.up_proj",
                        "mlp.down_proj",
                        null);
            case GEMMA2 ->
                new BlockNames(
                        "input_layernorm",
                        SEPARATE,
                        "self_attn.o_proj",
                        "post_attention_layernorm",
                        "pre_feedforward_layernorm",
                        "mlp.gate_proj",
                        "mlp.up_proj",
                        "mlp.down_proj",
                        "post_feedforward_layernorm");
        };
    }

    /** The linear layers in the order in which they run. */
    List<String> linears() {
        Stream<String> attention = Stream.concat(projections.stream(), Stream.of(output));
        Stream<String> feedForward = gate == null ? Stream.of(up, down) : Stream.of(gate, up, down);
        return Stream.concat(attention, feedForward).toList();
    }
}
