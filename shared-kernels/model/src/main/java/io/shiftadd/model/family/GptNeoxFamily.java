package io.shiftadd.model.family;

import io.shiftadd.format.gguf.GgufArchitecture;
import io.shiftadd.format.gguf.GgufArchitecture.Change;
import io.shiftadd.format.gguf.GgufParameters;
import io.shiftadd.model.family.ModelConfig.BlockSettings.Gate;
import io.shiftadd.model.family.ModelConfig.BlockSettings.Projections;
import io.shiftadd.model.family.ModelConfig.NormSettings;
import io.shiftadd.model.family.Positions.Rotation;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** GPT-NeoX and Pythia: attention and feed-forward side by side, a part of each head rotated. */
final class GptNeoxFamily implements FamilyDefinition {

    @Override
    public List<String> modelTypes() {
        return List.of("gpt_neox");
    }

    @Override
    public List<String> classes() {
        return List.of("GPTNeoXForCausalLM");
    }

    @Override
    public Set<String> implementedKeys() {
        return Set.of("rotary_pct");
    }

    @Override
    public ModelNames names() {
        return new ModelNames(
                "embed_in",
                null,
                null,
                null,
                "layers.",
                BlockNames.plain(
                        "input_layernorm",
                        "attention.query_key_value",
                        "attention.dense",
                        "post_attention_layernorm",
                        "mlp.dense_h_to_4h",
                        "mlp.dense_4h_to_h"),
                "final_layer_norm",
                null,
                "embed_out");
    }

    @Override
    public FamilySettings read(ConfigKeys keys) {
        FamilySettings s = new FamilySettings();
        s.vocabularySize = keys.integer("vocab_size", 50432, 1, ModelConfigReader.MAX_VOCABULARY);
        s.hiddenSize = keys.integer("hidden_size", 6144, 1, ModelConfigReader.MAX_WIDTH);
        s.layers = keys.integer("num_hidden_layers", 44, 1, ModelConfigReader.MAX_LAYERS);
        s.heads = keys.integer("num_attention_heads", 64, 1, ModelConfigReader.MAX_HEADS);
        s.kvHeads = s.heads;
        s.headDim = Math.max(1, s.hiddenSize / s.heads);
        s.intermediateSize = keys.integer("intermediate_size", 24576, 1, ModelConfigReader.MAX_WIDTH);
        s.contextLength = keys.integer("max_position_embeddings", 2048, 1, ModelConfigReader.MAX_CONTEXT);
        s.normKind = NormSettings.Kind.LAYER;
        s.normEpsilon = (float) keys.positive("layer_norm_eps", 1e-5);
        s.parallel = keys.flag("use_parallel_residual", true);
        s.projections = Projections.BY_HEAD;
        s.gate = Gate.NONE;
        s.queryKeyValueBias = keys.flag("attention_bias", true);
        s.outputBias = s.queryKeyValueBias;
        s.feedForwardBias = true;
        s.activation = ModelConfigReader.activation(keys, "hidden_act", "gelu");
        int dimensions = RopeReader.part(keys, "rotary_pct", 0.25, s.headDim);
        Rotation rotation = RopeReader.readPartial(keys, s.contextLength, "rotary_emb_base", 10_000);
        s.positions = Positions.Rotary.everywhere(dimensions, s.layers, rotation);
        return s;
    }

    @Override
    public List<GgufArchitecture> gguf() {
        return List.of(GgufDecoder.architecture(
                "gptneox", "gpt_neox.", names(), Map.of("attn_qkv", Change.HEADS_APART), GptNeoxFamily::config));
    }

    private static Map<String, Object> config(GgufParameters p) {
        Map<String, Object> config = GgufDecoder.config(p, "gpt_neox", "GPTNeoXForCausalLM");
        long hidden = p.required("embedding_length");
        long heads = p.required("attention.head_count");
        config.put("hidden_size", hidden);
        config.put("intermediate_size", p.required("feed_forward_length"));
        config.put("num_hidden_layers", p.required("block_count"));
        config.put("num_attention_heads", heads);
        config.put("max_position_embeddings", p.required("context_length"));
        config.put("layer_norm_eps", p.requiredNumber("attention.layer_norm_epsilon"));
        config.put("rotary_pct", (double) p.required("rope.dimension_count") * heads / hidden);
        p.number("rope.freq_base").ifPresent(theta -> config.put("rotary_emb_base", theta));
        config.put("attention_bias", p.hasTensor("blk.0.attn_qkv.bias"));
        config.put("use_parallel_residual", p.flag("use_parallel_residual").orElse(true));
        return config;
    }
}
