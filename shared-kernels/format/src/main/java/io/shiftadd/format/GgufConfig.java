package io.shiftadd.format;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Writes the parameters of a GGUF file as Hugging Face's config.json does. */
final class GgufConfig {

    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final String BLOOM_EMBEDDING = "transformer.word_embeddings.weight";

    private final GgufFile file;
    private final GgufMetadata metadata;
    private final String architecture;
    private final Map<String, Object> config = new LinkedHashMap<>();

    GgufConfig(GgufFile file) {
        this.file = file;
        this.metadata = file.gguf();
        this.architecture = file.family().architecture();
    }

    Map<String, Object> toMap() {
        switch (architecture) {
            case "llama" -> {
                boolean mistral = has("attention.sliding_window");
                family(mistral ? "mistral" : "llama", mistral ? "MistralForCausalLM" : "LlamaForCausalLM");
                decoder();
                config.put("hidden_act", "silu");
                config.put("attention_bias", file.contains("model.layers.0.self_attn.q_proj.bias"));
                config.put("mlp_bias", file.contains("model.layers.0.mlp.up_proj.bias"));
                copy("attention.sliding_window", "sliding_window");
                if (integer("expert_count") > 0) {
                    throw unsupported("is a mixture of experts", "only dense models are supported");
                }
            }
            case "qwen2" -> {
                family("qwen2", "Qwen2ForCausalLM");
                decoder();
                config.put("hidden_act", "silu");
            }
            case "gemma" -> {
                family("gemma", "GemmaForCausalLM");
                decoder();
                config.put("hidden_activation", "gelu_pytorch_tanh");
            }
            case "gemma2" -> gemma2();
            default -> bloom();
        }
        special("bos_token_id", "bos_token_id");
        special("eos_token_id", "eos_token_id");
        special("padding_token_id", "pad_token_id");
        return config;
    }

    private void family(String modelType, String modelClass) {
        config.put("model_type", modelType);
        config.put("architectures", List.of(modelClass));
        config.put("vocab_size", rows(modelType.equals("bloom") ? BLOOM_EMBEDDING : EMBEDDING));
        config.put("tie_word_embeddings", !file.contains("lm_head.weight"));
    }

    private void decoder() {
        config.put("hidden_size", required("embedding_length"));
        config.put("intermediate_size", required("feed_forward_length"));
        config.put("num_hidden_layers", required("block_count"));
        config.put("max_position_embeddings", required("context_length"));
        long heads = required("attention.head_count");
        config.put("num_attention_heads", heads);
        config.put("num_key_value_heads", optional("attention.head_count_kv").orElse(heads));
        config.put("rms_norm_eps", requiredNumber("attention.layer_norm_rms_epsilon"));
        OptionalLong headSize = optional("attention.key_length");
        if (headSize.isEmpty()) {
            headSize = optional("rope.dimension_count");
        }
        headSize.ifPresent(size -> config.put("head_dim", size));
        if (headSize.isPresent()
                && optional("rope.dimension_count").orElse(headSize.getAsLong()) != headSize.getAsLong()) {
            throw unsupported("rotates only a part of each head", "whole heads must be rotated");
        }
        if (optional("attention.value_length").orElse(headSize.orElse(0)) != headSize.orElse(0)) {
            throw unsupported("has values of another length than keys", "both must be equal");
        }
        metadata.number(key("rope.freq_base")).ifPresent(theta -> config.put("rope_theta", theta));
        new GgufRope(file, key("rope.")).scaling(config).ifPresent(scaling -> config.put("rope_scaling", scaling));
    }

    private void gemma2() {
        family("gemma2", "Gemma2ForCausalLM");
        decoder();
        config.put("hidden_activation", "gelu_pytorch_tanh");
        copy("attention.sliding_window", "sliding_window");
        number("attn_logit_softcapping", "attn_logit_softcapping");
        number("final_logit_softcapping", "final_logit_softcapping");
        // Not in the file: the 27B model, which has 46 layers, scales by the width of a head, the others by head_dim.
        long layers = required("block_count");
        config.put(
                "query_pre_attn_scalar",
                layers == 46
                        ? required("embedding_length") / required("attention.head_count")
                        : required("attention.key_length"));
    }

    private void bloom() {
        family("bloom", "BloomForCausalLM");
        config.put("hidden_size", required("embedding_length"));
        config.put("n_layer", required("block_count"));
        config.put("n_head", required("attention.head_count"));
        config.put("layer_norm_epsilon", requiredNumber("attention.layer_norm_epsilon"));
        config.put("seq_length", required("context_length"));
    }

    private long rows(String tensor) {
        long[] shape = file.tensorShape(tensor);
        if (shape.length != 2) {
            throw unsupported("has an embedding of " + shape.length + " dimensions", "it must have 2");
        }
        return shape[0];
    }

    private void special(String ggufKey, String name) {
        metadata.integer("tokenizer.ggml." + ggufKey).ifPresent(id -> config.put(name, id));
    }

    private void copy(String ggufKey, String name) {
        optional(ggufKey).ifPresent(value -> config.put(name, value));
    }

    private void number(String ggufKey, String name) {
        OptionalDouble value = metadata.number(key(ggufKey));
        value.ifPresent(number -> config.put(name, number));
    }

    private boolean has(String ggufKey) {
        return metadata.keys().contains(key(ggufKey));
    }

    private long integer(String ggufKey) {
        return optional(ggufKey).orElse(0);
    }

    private OptionalLong optional(String ggufKey) {
        if (metadata.isList(key(ggufKey))) {
            throw unsupported("has '" + key(ggufKey) + "' as a list", "all layers must have the same");
        }
        return metadata.integer(key(ggufKey));
    }

    private long required(String ggufKey) {
        return optional(ggufKey).orElseThrow(() -> lacks(ggufKey));
    }

    private double requiredNumber(String ggufKey) {
        return metadata.number(key(ggufKey)).orElseThrow(() -> lacks(ggufKey));
    }

    private String key(String name) {
        return architecture + "." + name;
    }

    private FormatException lacks(String ggufKey) {
        return new FormatException(
                "lacks '" + key(ggufKey) + "'",
                file.path().toString(),
                "the architecture " + architecture + " needs it",
                GgufHeader.REMEDY);
    }

    private FormatException unsupported(String what, String limit) {
        return new FormatException(
                what, file.path().toString(), limit, "Use the safetensors files of the model, or another model.");
    }
}
