package io.shiftadd.model.family;

import io.shiftadd.format.gguf.GgufArchitecture;
import io.shiftadd.format.gguf.GgufArchitecture.Change;
import io.shiftadd.format.gguf.GgufParameters;
import io.shiftadd.model.family.ModelConfig.BlockSettings.Gate;
import io.shiftadd.model.family.ModelConfig.BlockSettings.Projections;
import io.shiftadd.model.family.ModelConfig.NormSettings;
import java.util.List;
import java.util.Map;

/** GPT-2: learned positions, layer norms, weights stored as {@code [inputs, outputs]}. */
final class Gpt2Family implements FamilyDefinition {

    @Override
    public List<String> modelTypes() {
        return List.of("gpt2");
    }

    @Override
    public List<String> classes() {
        return List.of("GPT2LMHeadModel");
    }

    @Override
    public ModelNames names() {
        return new ModelNames(
                "wte",
                "wpe",
                null,
                null,
                "h.",
                BlockNames.plain("ln_1", "attn.c_attn", "attn.c_proj", "ln_2", "mlp.c_fc", "mlp.c_proj"),
                "ln_f",
                null,
                ModelNames.HEAD);
    }

    @Override
    public FamilySettings read(ConfigKeys keys) {
        for (String key : List.of("scale_attn_by_inverse_layer_idx", "add_cross_attention")) {
            if (keys.flag(key, false)) {
                throw keys.wrong(key, "false");
            }
        }
        FamilySettings s = new FamilySettings();
        s.vocabularySize = keys.integer("vocab_size", 50257, 1, ModelConfigReader.MAX_VOCABULARY);
        s.hiddenKey = keys.spelling("n_embd", "hidden_size");
        s.headsKey = keys.spelling("n_head", "num_attention_heads");
        s.hiddenSize = keys.integer(s.hiddenKey, 768, 1, ModelConfigReader.MAX_WIDTH / 4);
        s.layers = keys.integer(keys.spelling("n_layer", "num_hidden_layers"), 12, 1, ModelConfigReader.MAX_LAYERS);
        s.heads = keys.integer(s.headsKey, 12, 1, ModelConfigReader.MAX_HEADS);
        s.kvHeads = s.heads;
        s.headDim = Math.max(1, s.hiddenSize / s.heads);
        s.intermediateSize =
                keys.optionalInteger("n_inner", 1, ModelConfigReader.MAX_WIDTH).orElse(4 * s.hiddenSize);
        s.contextLength = keys.integer(
                keys.spelling("n_positions", "max_position_embeddings"), 1024, 1, ModelConfigReader.MAX_CONTEXT);
        s.normKind = NormSettings.Kind.LAYER;
        s.normEpsilon = (float) keys.positive("layer_norm_epsilon", 1e-5);
        s.projections = Projections.IN_TURN;
        s.gate = Gate.NONE;
        s.queryKeyValueBias = true;
        s.outputBias = true;
        s.feedForwardBias = true;
        s.transposed = true;
        s.attentionScale = keys.flag("scale_attn_weights", true) ? 0 : 1;
        s.positions = new Positions.Learned(0);
        s.activation = ModelConfigReader.activation(keys, "activation_function", "gelu_new");
        s.tiedByDefault = true;
        return s;
    }

    @Override
    public List<GgufArchitecture> gguf() {
        Map<String, Change> changes = Map.of(
                "attn_qkv", Change.TRANSPOSED,
                "attn_output", Change.TRANSPOSED,
                "ffn_up", Change.TRANSPOSED,
                "ffn_down", Change.TRANSPOSED);
        return List.of(GgufDecoder.architecture("gpt2", "transformer.", names(), changes, Gpt2Family::config));
    }

    private static Map<String, Object> config(GgufParameters p) {
        Map<String, Object> config = GgufDecoder.config(p, "gpt2", "GPT2LMHeadModel");
        config.put("n_embd", p.required("embedding_length"));
        config.put("n_inner", p.required("feed_forward_length"));
        config.put("n_layer", p.required("block_count"));
        config.put("n_head", p.required("attention.head_count"));
        config.put("n_positions", p.required("context_length"));
        config.put("layer_norm_epsilon", p.requiredNumber("attention.layer_norm_epsilon"));
        return config;
    }
}
