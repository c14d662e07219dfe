package io.shiftadd.cli.bench;

import io.shiftadd.cli.CommandFailure;
import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a well-known model, whose weights a measurement makes up.
 *
 * @param label how the command line names it
 * @param family {@code llama} or {@code opt}, as in config.json
 * @param inner width of the feed-forward layers
 */
record ModelShape(
        String label,
        String family,
        int hidden,
        int layers,
        int inner,
        int heads,
        int kvHeads,
        int vocabulary,
        int context) {

    private static final List<ModelShape> KNOWN = List.of(
            new ModelShape("tinyllama-1.1b", "llama", 2048, 22, 5632, 32, 4, 32_000, 2048),
            new ModelShape("llama-7b", "llama", 4096, 32, 11_008, 32, 32, 32_000, 2048),
            new ModelShape("opt-1.3b", "opt", 2048, 24, 8192, 32, 32, 50_272, 2048),
            // Small enough to be quick, large against the JVM: 337 MB in float16.
            new ModelShape("llama-170m", "llama", 1024, 8, 2816, 16, 16, 32_000, 2048),
            // For tests: everything a shape has, nothing to wait for.
            new ModelShape("tiny", "llama", 128, 2, 256, 4, 2, 512, 256));

    /** A linear layer of a decoder block. */
    record Linear(String name, int outputs, int inputs, boolean hasBias) {}

    static ModelShape named(String label) {
        for (ModelShape shape : KNOWN) {
            if (shape.label.equals(label)) {
                return shape;
            }
        }
        throw new CommandFailure(
                "there is no shape '" + label + "'",
                "Shapes are "
                        + String.join(
                                ", ", KNOWN.stream().map(ModelShape::label).toList()) + ".");
    }

    boolean llama() {
        return family.equals("llama");
    }

    /** This shape with at least so many positions, where they are rotations and cost no weights. */
    ModelShape reaching(int positions) {
        return llama() && positions > context
                ? new ModelShape(label, family, hidden, layers, inner, heads, kvHeads, vocabulary, positions)
                : this;
    }

    /** Prefix of a block's tensors. */
    String block(int index) {
        return (llama() ? "model.layers." : "model.decoder.layers.") + index + ".";
    }

    /** A block's linear layers. */
    List<Linear> linears() {
        int keys = hidden / heads * kvHeads;
        List<Linear> linears = new ArrayList<>();
        linears.add(new Linear("self_attn.q_proj", hidden, hidden, !llama()));
        linears.add(new Linear("self_attn.k_proj", keys, hidden, !llama()));
        linears.add(new Linear("self_attn.v_proj", keys, hidden, !llama()));
        if (llama()) {
            linears.add(new Linear("self_attn.o_proj", hidden, hidden, false));
            linears.add(new Linear("mlp.gate_proj", inner, hidden, false));
            linears.add(new Linear("mlp.up_proj", inner, hidden, false));
            linears.add(new Linear("mlp.down_proj", hidden, inner, false));
        } else {
            linears.add(new Linear("self_attn.out_proj", hidden, hidden, true));
            linears.add(new Linear("fc1", inner, hidden, true));
            linears.add(new Linear("fc2", hidden, inner, true));
        }
        return linears;
    }

    /** A block's norms. */
    List<String> norms() {
        return llama()
                ? List.of("input_layernorm", "post_attention_layernorm")
                : List.of("self_attn_layer_norm", "final_layer_norm");
    }

    String embedding() {
        return llama() ? "model.embed_tokens.weight" : "model.decoder.embed_tokens.weight";
    }

    String finalNorm() {
        return llama() ? "model.norm" : "model.decoder.final_layer_norm";
    }

    /** Rows of the table of positions, 0 where positions are rotations. */
    int positionRows() {
        // OPT leaves two rows for padding before the first position.
        return llama() ? 0 : context + 2;
    }

    String config() {
        return llama()
                ? """
                {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "dtype": "float16", "hidden_act": "silu",
                 "hidden_size": %d, "num_hidden_layers": %d, "intermediate_size": %d, "num_attention_heads": %d,
                 "num_key_value_heads": %d, "vocab_size": %d, "max_position_embeddings": %d, "rms_norm_eps": 1e-05,
                 "rope_theta": 10000.0, "tie_word_embeddings": false, "bos_token_id": 1, "eos_token_id": 2}
                """.formatted(hidden, layers, inner, heads, kvHeads, vocabulary, context)
                : """
                {"architectures": ["OPTForCausalLM"], "model_type": "opt", "dtype": "float16",
                 "activation_function": "relu", "do_layer_norm_before": true, "enable_bias": true, "hidden_size": %d,
                 "word_embed_proj_dim": %d, "num_hidden_layers": %d, "ffn_dim": %d, "num_attention_heads": %d,
                 "vocab_size": %d, "max_position_embeddings": %d, "tie_word_embeddings": true, "bos_token_id": 2,
                 "eos_token_id": 2}
                """.formatted(hidden, hidden, layers, inner, heads, vocabulary, context);
    }
}
