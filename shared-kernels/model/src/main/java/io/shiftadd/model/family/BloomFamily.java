package io.shiftadd.model.family;

import io.shiftadd.format.gguf.GgufArchitecture;
import io.shiftadd.format.gguf.GgufArchitecture.Change;
import io.shiftadd.format.gguf.GgufParameters;
import io.shiftadd.model.family.ModelConfig.BlockSettings.Gate;
import io.shiftadd.model.family.ModelConfig.BlockSettings.Projections;
import io.shiftadd.model.family.ModelConfig.NormSettings;
import java.util.List;
import java.util.Map;

/** BLOOM: ALiBi, a norm on the embeddings, one projection for queries, keys and values. */
final class BloomFamily implements FamilyDefinition {

    /** What BLOOM was trained on; its config.json does not always say, and ALiBi sets no limit. */
    private static final int TRAINED_CONTEXT = 2048;

    @Override
    public List<String> modelTypes() {
        return List.of("bloom");
    }

    @Override
    public List<String> classes() {
        return List.of("BloomForCausalLM");
    }

    @Override
    public ModelNames names() {
        return new ModelNames(
                "word_embeddings",
                null,
                "word_embeddings_layernorm",
                null,
                "h.",
                BlockNames.plain(
                        "input_layernorm",
                        "self_attention.query_key_value",
                        "self_attention.dense",
                        "post_attention_layernorm",
                        "mlp.dense_h_to_4h",
                        "mlp.dense_4h_to_h"),
                "ln_f",
                null,
                ModelNames.HEAD);
    }

    @Override
    public FamilySettings read(ConfigKeys keys) {
        FamilySettings s = new FamilySettings();
        s.vocabularySize = keys.integer("vocab_size", 250880, 1, ModelConfigReader.MAX_VOCABULARY);
        s.hiddenKey = keys.spelling("hidden_size", "n_embed");
        s.headsKey = keys.spelling("n_head", "num_attention_heads");
        s.hiddenSize = keys.integer(s.hiddenKey, 64, 1, ModelConfigReader.MAX_WIDTH / 4);
        String layersKey = keys.spelling("n_layer", "num_hidden_layers");
        s.layers = keys.integer(layersKey, 2, 1, ModelConfigReader.MAX_LAYERS);
        s.heads = keys.integer(s.headsKey, 8, 1, ModelConfigReader.MAX_HEADS);
        s.kvHeads = s.heads;
        s.headDim = Math.max(1, s.hiddenSize / s.heads);
        s.intermediateSize = 4 * s.hiddenSize;
        s.contextLength = keys.optionalInteger("seq_length", 1, ModelConfigReader.MAX_CONTEXT)
                .orElse(TRAINED_CONTEXT);
        s.normKind = NormSettings.Kind.LAYER;
        s.normEpsilon = (float) keys.positive("layer_norm_epsilon", 1e-5);
        s.residualFromNorm = keys.flag("apply_residual_connection_post_layernorm", false);
        s.projections = Projections.BY_HEAD;
        s.gate = Gate.NONE;
        s.queryKeyValueBias = true;
        s.outputBias = true;
        s.feedForwardBias = true;
        s.embeddingNorm = true;
        s.attentionScale = (float) (1.0 / Math.sqrt(s.headDim));
        s.positions = new Positions.Alibi();
        s.activation = Activation.GELU_TANH;
        s.tiedByDefault = true;
        return s;
    }

    @Override
    public List<GgufArchitecture> gguf() {
        return List.of(GgufDecoder.architecture(
                "bloom", "transformer.", names(), Map.of("attn_qkv", Change.HEADS_APART), BloomFamily::config));
    }

    private static Map<String, Object> config(GgufParameters p) {
        Map<String, Object> config = GgufDecoder.config(p, "bloom", "BloomForCausalLM");
        config.put("hidden_size", p.required("embedding_length"));
        config.put("n_layer", p.required("block_count"));
        config.put("n_head", p.required("attention.head_count"));
        config.put("layer_norm_epsilon", p.requiredNumber("attention.layer_norm_epsilon"));
        config.put("seq_length", p.required("context_length"));
        return config;
    }
}
