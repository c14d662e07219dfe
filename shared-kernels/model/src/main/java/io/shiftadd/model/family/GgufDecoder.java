package io.shiftadd.model.family;

import io.shiftadd.format.gguf.GgufArchitecture;
import io.shiftadd.format.gguf.GgufArchitecture.Change;
import io.shiftadd.format.gguf.GgufParameters;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What GGUF files of all families have in common. Source: llama.cpp, llama-arch.cpp and convert_hf_to_gguf.py. */
final class GgufDecoder {

    /** Of families whose files rotate neighbouring elements. */
    static final Map<String, Change> PAIRS = Map.of("attn_q", Change.QUERY_PAIRS, "attn_k", Change.KEY_PAIRS);

    private GgufDecoder() {}

    /**
     * @param prefix what stands before the model's names in the originals of such files
     * @param changes by GGUF's modules
     */
    static GgufArchitecture architecture(
            String name,
            String prefix,
            ModelNames names,
            Map<String, Change> changes,
            Function<GgufParameters, Map<String, Object>> config) {
        Map<String, String> top = new HashMap<>();
        put(top, "token_embd", prefix, names.embedding());
        put(top, "position_embd", prefix, names.positions());
        put(top, "token_embd_norm", prefix, names.embeddingNorm());
        put(top, "output_norm", prefix, names.finalNorm());
        put(top, "output", "", names.head());
        Map<String, String> block = new HashMap<>();
        names.parts().all().forEach((part, original) -> block.put(part.gguf(), original));
        return new GgufArchitecture(name, top, prefix + names.block(), block, changes, config);
    }

    private static void put(Map<String, String> names, String gguf, String prefix, @Nullable String original) {
        if (original != null) {
            names.put(gguf, prefix + original);
        }
    }

    /** The family, the vocabulary and its special tokens. */
    static Map<String, Object> config(GgufParameters p, String modelType, String modelClass) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model_type", modelType);
        config.put("architectures", List.of(modelClass));
        long[] shape = p.shape("token_embd.weight").orElse(new long[0]);
        if (shape.length != 2) {
            throw p.unsupported("has an embedding of " + shape.length + " dimensions", "it must have 2");
        }
        config.put("vocab_size", shape[0]);
        config.put("tie_word_embeddings", !p.hasTensor("output.weight"));
        p.token("bos_token_id").ifPresent(id -> config.put("bos_token_id", id));
        p.token("eos_token_id").ifPresent(id -> config.put("eos_token_id", id));
        p.token("padding_token_id").ifPresent(id -> config.put("pad_token_id", id));
        return config;
    }

    /** That, and what {@link DecoderKeys} reads, rotation of whole heads. */
    static Map<String, Object> rotaryConfig(GgufParameters p, String modelType, String modelClass) {
        Map<String, Object> config = partlyRotaryConfig(p, modelType, modelClass);
        if (config.get("head_dim") instanceof Long size
                && p.optional("rope.dimension_count").orElse(size) != size) {
            throw p.unsupported("rotates only a part of each head", "whole heads must be rotated");
        }
        new GgufRope(p).scaling(config).ifPresent(scaling -> config.put("rope_scaling", scaling));
        return config;
    }

    /** As {@link #rotaryConfig}, without what tells how positions are rotated but for θ. */
    static Map<String, Object> partlyRotaryConfig(GgufParameters p, String modelType, String modelClass) {
        Map<String, Object> config = config(p, modelType, modelClass);
        config.put("hidden_size", p.required("embedding_length"));
        config.put("intermediate_size", p.required("feed_forward_length"));
        config.put("num_hidden_layers", p.required("block_count"));
        config.put("max_position_embeddings", p.required("context_length"));
        long heads = p.required("attention.head_count");
        config.put("num_attention_heads", heads);
        config.put("num_key_value_heads", p.optional("attention.head_count_kv").orElse(heads));
        config.put("rms_norm_eps", p.requiredNumber("attention.layer_norm_rms_epsilon"));
        OptionalLong headSize = p.optional("attention.key_length");
        if (headSize.isEmpty()) {
            headSize = p.optional("rope.dimension_count");
        }
        headSize.ifPresent(size -> config.put("head_dim", size));
        if (p.optional("attention.value_length").orElse(headSize.orElse(0)) != headSize.orElse(0)) {
            throw p.unsupported("has values of another length than keys", "both must be equal");
        }
        p.number("rope.freq_base").ifPresent(theta -> config.put("rope_theta", theta));
        return config;
    }
}
