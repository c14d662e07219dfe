package io.shiftadd.model.family;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Keys of config.json and generation_config.json that are known to change results and are not implemented: a model that
 * was trained with one of them would answer something else than it was trained to, and nobody would be told. What a
 * request says by itself (temperature, top_p, penalties, lengths) is not among them: there the file has only defaults.
 */
final class UnsupportedKeys {

    /** No number is neutral. */
    private static final double NONE = Double.NaN;

    private static final Map<String, Double> CONFIG = new LinkedHashMap<>();
    private static final Map<String, Double> GENERATION = new LinkedHashMap<>();

    static {
        // multipliers of Granite, Cohere, Falcon-H1 and MiniCPM, which call themselves llama in some conversions
        for (String key : new String[] {
            "logit_scale",
            "logits_scaling",
            "residual_multiplier",
            "embedding_multiplier",
            "lm_head_multiplier",
            "key_multiplier",
            "scale_emb",
            "rotary_pct"
        }) {
            CONFIG.put(key, 1.0);
        }
        for (String key : new String[] {
            "attention_multiplier",
            "scale_depth",
            "dim_model_base",
            "clip_qkv",
            "mup_enabled",
            "use_qk_norm",
            "qk_norm",
            "qk_layernorm",
            "no_rope_layers",
            "no_rope_layer_interval",
            "attention_chunk_size",
            "rope_interleaved",
            "use_mrope",
            "mrope_section",
            "kv_lora_rank",
            "is_encoder_decoder",
            "add_cross_attention",
            "vision_config",
            "attn_logit_softcapping",
            "final_logit_softcapping"
        }) {
            CONFIG.put(key, NONE);
        }
        for (String key : new String[] {"num_local_experts", "num_experts", "n_routed_experts"}) {
            CONFIG.put(key, 0.0);
        }

        for (String key : new String[] {
            "forced_bos_token_id",
            "forced_eos_token_id",
            "forced_decoder_ids",
            "suppress_tokens",
            "begin_suppress_tokens",
            "bad_words_ids",
            "force_words_ids",
            "sequence_bias",
            "constraints",
            "stop_strings",
            "exponential_decay_length_penalty",
            "watermarking_config"
        }) {
            GENERATION.put(key, NONE);
        }
        for (String key : new String[] {"no_repeat_ngram_size", "encoder_no_repeat_ngram_size", "penalty_alpha"}) {
            GENERATION.put(key, 0.0);
        }
        for (String key :
                new String[] {"num_beams", "num_beam_groups", "guidance_scale", "encoder_repetition_penalty"}) {
            GENERATION.put(key, 1.0);
        }
    }

    private UnsupportedKeys() {}

    /** @throws io.shiftadd.format.FormatException naming the key */
    static void refuse(Family family, ConfigKeys config) {
        Set<String> implemented = family.definition().implementedKeys();
        CONFIG.forEach((key, neutral) -> {
            if (!implemented.contains(key)) {
                config.requireNeutral(key, neutral);
            }
        });
    }

    /** Tokens that end and begin a text have the forms that they may have in config.json. */
    static void refuseInGeneration(ConfigKeys generation) {
        generation.tokens("eos_token_id");
        generation.tokens("bos_token_id");
        GENERATION.forEach(generation::requireNeutral);
    }
}
