package io.shiftadd.model.family;

import io.shiftadd.format.gguf.GgufArchitecture;
import io.shiftadd.format.gguf.GgufParameters;
import io.shiftadd.model.family.ModelConfig.BlockSettings.Gate;
import io.shiftadd.model.family.ModelConfig.BlockSettings.Projections;
import io.shiftadd.model.family.Positions.Rotation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Phi-3 and Phi-4-mini: fused projections, long rotation, perhaps of a part of each head only. */
final class Phi3Family implements FamilyDefinition {

    private static final double THETA = 10_000;

    @Override
    public List<String> modelTypes() {
        return List.of("phi3");
    }

    @Override
    public List<String> classes() {
        return List.of("Phi3ForCausalLM");
    }

    @Override
    public ModelNames names() {
        return ModelNames.decoder(BlockNames.decoder()
                .without(BlockPart.QUERY, BlockPart.KEY, BlockPart.VALUE, BlockPart.GATE)
                .with(BlockPart.QUERY_KEY_VALUE, "self_attn.qkv_proj")
                .with(BlockPart.UP, "mlp.gate_up_proj"));
    }

    @Override
    public FamilySettings read(ConfigKeys keys) {
        FamilySettings s = new FamilySettings();
        s.vocabularySize = keys.integer("vocab_size", 32064, 1, ModelConfigReader.MAX_VOCABULARY);
        s.hiddenSize = keys.integer("hidden_size", 3072, 1, ModelConfigReader.MAX_WIDTH);
        s.layers = keys.integer("num_hidden_layers", 32, 1, ModelConfigReader.MAX_LAYERS);
        s.heads = keys.integer("num_attention_heads", 32, 1, ModelConfigReader.MAX_HEADS);
        s.kvHeads = keys.optionalInteger("num_key_value_heads", 1, ModelConfigReader.MAX_HEADS)
                .orElse(s.heads);
        s.headDim = Math.max(1, s.hiddenSize / s.heads);
        s.intermediateSize = keys.integer("intermediate_size", 8192, 1, ModelConfigReader.MAX_WIDTH / 2);
        s.contextLength = keys.integer("max_position_embeddings", 4096, 1, ModelConfigReader.MAX_CONTEXT);
        s.normEpsilon = (float) keys.positive("rms_norm_eps", 1e-5);
        s.activation = ModelConfigReader.activation(keys, "hidden_act", "silu");
        s.projections = Projections.IN_TURN;
        s.gate = Gate.FUSED;
        s.windows = Collections.nCopies(s.layers, DecoderKeys.slidingWindow(keys, 0));
        int dimensions = RopeReader.part(keys, "partial_rotary_factor", 1, s.headDim);
        Rotation rotation = RopeReader.readPartial(keys, s.contextLength, "rope_theta", THETA);
        s.positions = Positions.Rotary.everywhere(dimensions, s.layers, rotation);
        return s;
    }

    @Override
    public List<GgufArchitecture> gguf() {
        return List.of(GgufDecoder.architecture("phi3", "model.", names(), Map.of(), Phi3Family::config));
    }

    private static Map<String, Object> config(GgufParameters p) {
        Map<String, Object> config = GgufDecoder.partlyRotaryConfig(p, "phi3", "Phi3ForCausalLM");
        config.remove("head_dim");
        config.put("hidden_act", "silu");
        p.optional("attention.sliding_window")
                .ifPresent(window -> config.put("sliding_window", window == 0 ? null : window));
        long headDim = p.required("embedding_length") / p.required("attention.head_count");
        long dimensions = p.optional("rope.dimension_count").orElse(headDim);
        config.put("partial_rotary_factor", (double) dimensions / headDim);
        p.values("rope_factors_long.weight").ifPresent(longFactors -> {
            Map<String, Object> scaling = new LinkedHashMap<>();
            scaling.put("type", "longrope");
            scaling.put("long_factor", GgufRope.list(longFactors));
            scaling.put(
                    "short_factor",
                    GgufRope.list(p.values("rope_factors_short.weight").orElse(longFactors)));
            p.number("rope.scaling.attn_factor").ifPresent(factor -> scaling.put("attention_factor", factor));
            config.put("rope_scaling", scaling);
        });
        p.optional("rope.scaling.original_context_length")
                .ifPresent(length -> config.put("original_max_position_embeddings", length));
        return config;
    }
}
