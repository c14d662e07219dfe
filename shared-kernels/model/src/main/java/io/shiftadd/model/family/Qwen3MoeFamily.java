package io.shiftadd.model.family;

import io.shiftadd.format.gguf.GgufArchitecture;
import io.shiftadd.format.gguf.GgufParameters;
import io.shiftadd.model.family.ModelConfig.BlockSettings.QueryKeyNorms;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Qwen3 with experts in all blocks, or in some. */
final class Qwen3MoeFamily implements FamilyDefinition {

    private static final DecoderKeys.Defaults DEFAULTS =
            new DecoderKeys.Defaults(151936, 2048, 6144, 24, 32, 4, 0, 32768, 1e-6, 10_000, false);

    @Override
    public List<String> modelTypes() {
        return List.of("qwen3_moe");
    }

    @Override
    public List<String> classes() {
        return List.of("Qwen3MoeForCausalLM");
    }

    @Override
    public Set<String> implementedKeys() {
        return ExpertKeys.COUNTS;
    }

    @Override
    public ModelNames names() {
        return ModelNames.decoder(ExpertKeys.names(BlockNames.decoder().withQueryKeyNorms()));
    }

    @Override
    public FamilySettings read(ConfigKeys keys) {
        FamilySettings s = DecoderKeys.read(keys, DEFAULTS);
        DecoderKeys.requireCausalAttention(keys);
        DecoderKeys.attentionBias(s, keys);
        s.freeHeadDim = true;
        s.queryKeyNorms = QueryKeyNorms.EACH_HEAD;
        s.windows = Qwen2Family.windows(keys, s.layers);
        int step = keys.integer("decoder_sparse_step", 1, 1, ModelConfigReader.MAX_LAYERS);
        List<Integer> dense = keys.integers("mlp_only_layers").orElse(List.of());
        int width = keys.integer("moe_intermediate_size", 768, 1, ModelConfigReader.MAX_WIDTH);
        boolean normalised = keys.flag("norm_topk_prob", false);
        s.experts = ExpertKeys.read(
                keys, 128, 8, normalised, width, s.layers, layer -> !dense.contains(layer) && (layer + 1) % step == 0);
        return s;
    }

    @Override
    public List<GgufArchitecture> gguf() {
        return List.of(GgufDecoder.architecture("qwen3moe", "model.", names(), Map.of(), Qwen3MoeFamily::config));
    }

    /** llama.cpp normalises the weights of all models of this architecture, and has no file with dense blocks. */
    private static Map<String, Object> config(GgufParameters p) {
        Map<String, Object> config = GgufDecoder.rotaryConfig(p, "qwen3_moe", "Qwen3MoeForCausalLM");
        config.put("hidden_act", "silu");
        config.put("attention_bias", p.hasTensor("blk.0.attn_q.bias"));
        config.put("moe_intermediate_size", p.required("expert_feed_forward_length"));
        config.put("norm_topk_prob", true);
        ExpertKeys.putCounts(p, config, "num_experts");
        return config;
    }
}
