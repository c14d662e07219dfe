package io.shiftadd.model.family;

import io.shiftadd.format.gguf.GgufArchitecture;
import io.shiftadd.format.gguf.GgufParameters;
import io.shiftadd.model.family.ModelConfig.BlockSettings.QueryKeyNorms;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** OLMoE: experts in all blocks, norms on queries and keys of all heads together, perhaps a limit on their elements. */
final class OlmoeFamily implements FamilyDefinition {

    private static final DecoderKeys.Defaults DEFAULTS =
            new DecoderKeys.Defaults(50304, 2048, 2048, 16, 16, 0, 0, 4096, 1e-5, 10_000, false);

    private static final String CLIP = "clip_qkv";

    @Override
    public List<String> modelTypes() {
        return List.of("olmoe");
    }

    @Override
    public List<String> classes() {
        return List.of("OlmoeForCausalLM");
    }

    @Override
    public Set<String> implementedKeys() {
        Set<String> keys = new HashSet<>(ExpertKeys.COUNTS);
        keys.add(CLIP);
        return keys;
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
        s.queryKeyNorms = QueryKeyNorms.ALL_HEADS;
        s.attentionClip = (float) keys.optionalPositive(CLIP).orElse(0);
        boolean normalised = keys.flag("norm_topk_prob", false);
        s.experts = ExpertKeys.read(keys, 64, 8, normalised, s.intermediateSize, s.layers, _ -> true);
        return s;
    }

    @Override
    public List<GgufArchitecture> gguf() {
        return List.of(GgufDecoder.architecture("olmoe", "model.", names(), Map.of(), OlmoeFamily::config));
    }

    private static Map<String, Object> config(GgufParameters p) {
        Map<String, Object> config = GgufDecoder.rotaryConfig(p, "olmoe", "OlmoeForCausalLM");
        config.put("hidden_act", "silu");
        ExpertKeys.putCounts(p, config, "num_experts");
        return config;
    }
}
