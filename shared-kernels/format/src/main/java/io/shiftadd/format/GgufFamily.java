package io.shiftadd.format;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What GGUF calls the tensors of an architecture, and what was done to them on the way. */
final class GgufFamily {

    private static final Pattern NAME = Pattern.compile("(?:blk\\.(\\d{1,5})\\.)?(\\w+)\\.(weight|bias)");

    /** Derived from the configuration by who wrote the file, so that there is no original. */
    private static final Set<String> DERIVED = Set.of("rope_freqs.weight");

    private static final Map<String, String> DECODER_TOP = Map.of(
            "token_embd", "model.embed_tokens",
            "output_norm", "model.norm",
            "output", "lm_head");

    private static final Map<String, String> DECODER_BLOCK = Map.of(
            "attn_norm", "input_layernorm",
            "attn_q", "self_attn.q_proj",
            "attn_k", "self_attn.k_proj",
            "attn_v", "self_attn.v_proj",
            "attn_output", "self_attn.o_proj",
            "ffn_norm", "post_attention_layernorm",
            "ffn_gate", "mlp.gate_proj",
            "ffn_up", "mlp.up_proj",
            "ffn_down", "mlp.down_proj");

    private static final Map<String, String> GEMMA2_BLOCK = Map.ofEntries(
            Map.entry("attn_norm", "input_layernorm"),
            Map.entry("attn_q", "self_attn.q_proj"),
            Map.entry("attn_k", "self_attn.k_proj"),
            Map.entry("attn_v", "self_attn.v_proj"),
            Map.entry("attn_output", "self_attn.o_proj"),
            Map.entry("post_attention_norm", "post_attention_layernorm"),
            Map.entry("ffn_norm", "pre_feedforward_layernorm"),
            Map.entry("post_ffw_norm", "post_feedforward_layernorm"),
            Map.entry("ffn_gate", "mlp.gate_proj"),
            Map.entry("ffn_up", "mlp.up_proj"),
            Map.entry("ffn_down", "mlp.down_proj"));

    private static final Map<String, String> BLOOM_TOP = Map.of(
            "token_embd", "transformer.word_embeddings",
            "token_embd_norm", "transformer.word_embeddings_layernorm",
            "output_norm", "transformer.ln_f",
            "output", "lm_head");

    private static final Map<String, String> BLOOM_BLOCK = Map.of(
            "attn_norm", "input_layernorm",
            "attn_qkv", "self_attention.query_key_value",
            "attn_output", "self_attention.dense",
            "ffn_norm", "post_attention_layernorm",
            "ffn_up", "mlp.dense_h_to_4h",
            "ffn_down", "mlp.dense_4h_to_h");

    private final String architecture;
    private final String where;
    private final Map<String, String> top;
    private final Map<String, String> block;
    private final String blockPrefix;
    private final long heads;
    private final long keyValueHeads;

    private GgufFamily(
            String where,
            GgufMetadata metadata,
            Map<String, String> top,
            Map<String, String> block,
            String blockPrefix) {
        this.where = where;
        this.architecture = metadata.text("general.architecture").orElse("");
        this.top = top;
        this.block = block;
        this.blockPrefix = blockPrefix;
        this.heads = metadata.integer(architecture + ".attention.head_count").orElse(0);
        this.keyValueHeads =
                metadata.integer(architecture + ".attention.head_count_kv").orElse(heads);
    }

    static GgufFamily of(GgufMetadata metadata, String where) {
        String architecture = metadata.text("general.architecture").orElse("");
        return switch (architecture) {
            // LLaMA and Mistral alike.
            case "llama", "qwen2", "gemma" ->
                new GgufFamily(where, metadata, DECODER_TOP, DECODER_BLOCK, "model.layers.");
            case "gemma2" -> new GgufFamily(where, metadata, DECODER_TOP, GEMMA2_BLOCK, "model.layers.");
            case "bloom" -> new GgufFamily(where, metadata, BLOOM_TOP, BLOOM_BLOCK, "transformer.h.");
            default ->
                throw new FormatException(
                        "has the architecture '" + architecture + "'",
                        where,
                        "supported in GGUF are llama (LLaMA and Mistral), qwen2, gemma, gemma2 and bloom",
                        "Use the safetensors files of the model, or another model.");
        };
    }

    String architecture() {
        return architecture;
    }

    /** Hugging Face's name of a tensor; empty when the original does not have it. */
    Optional<String> originalName(String name) {
        if (DERIVED.contains(name)) {
            return Optional.empty();
        }
        Matcher parts = NAME.matcher(name);
        if (parts.matches()) {
            String number = parts.group(1);
            String module = (number == null ? top : block).get(parts.group(2));
            if (module != null) {
                String prefix = number == null ? "" : blockPrefix + number + ".";
                return Optional.of(prefix + module + "." + parts.group(3));
            }
        }
        throw new FormatException(
                "has the tensor '" + name + "'",
                where,
                "the architecture " + architecture + " has none of that name",
                "Use the safetensors files of the model.");
    }

    /** The values that the original had. */
    TensorView restore(TensorView tensor) {
        if (architecture.startsWith("gemma") && tensor.name().endsWith("norm.weight")) {
            return RowOrder.addToAll(tensor, -1);
        }
        return order(tensor.name(), tensor.shape())
                .map(order -> RowOrder.reorder(tensor, order))
                .orElse(tensor);
    }

    /**
     * Where the original's rows are in the file; empty when they are in their places. Rotary embeddings pair
     * neighbouring rows in GGUF and rows half a head apart in the original; BLOOM's fused projection has all queries,
     * keys and values together in GGUF, and those of each head in the original.
     */
    Optional<LongUnaryOperator> order(String name, long[] shape) {
        long rows = shape.length == 0 ? 0 : shape[0];
        if (architecture.equals("llama") && name.contains(".attn_q.")) {
            return Optional.of(RowOrder.splitHalves(checked(name, rows, heads, 2), heads));
        }
        if (architecture.equals("llama") && name.contains(".attn_k.")) {
            return Optional.of(RowOrder.splitHalves(checked(name, rows, keyValueHeads, 2), keyValueHeads));
        }
        if (architecture.equals("bloom") && name.contains(".attn_qkv.")) {
            return Optional.of(RowOrder.joinHeads(checked(name, rows, heads, 3), heads, 3));
        }
        return Optional.empty();
    }

    private long checked(String name, long rows, long headCount, int parts) {
        if (headCount <= 0 || rows % (headCount * parts) != 0) {
            throw new FormatException(
                    "tensor '" + name + "' has " + rows + " rows",
                    where,
                    "they must be a multiple of " + parts + " times the " + headCount + " heads",
                    GgufHeader.REMEDY);
        }
        return rows;
    }
}
