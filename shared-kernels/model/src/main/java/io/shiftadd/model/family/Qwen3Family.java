package io.shiftadd.model.family;

import io.shiftadd.format.gguf.GgufArchitecture;
import io.shiftadd.format.gguf.GgufParameters;
import io.shiftadd.model.family.ModelConfig.BlockSettings.QueryKeyNorms;
import java.util.List;
import java.util.Map;

/** Qwen3, dense: norms on each head's queries and keys instead of biases. */
final class Qwen3Family implements FamilyDefinition {

    private static final DecoderKeys.Defaults DEFAULTS =
            new DecoderKeys.Defaults(151936, 4096, 22016, 32, 32, 32, 128, 32768, 1e-6, 10_000, false);

    @Override
    public List<String> modelTypes() {
        return List.of("qwen3");
    }

    @Override
    public List<String> classes() {
        return List.of("Qwen3ForCausalLM");
    }

    @Override
    public ModelNames names() {
        return ModelNames.decoder(BlockNames.decoder().withQueryKeyNorms());
    }

    @Override
    public FamilySettings read(ConfigKeys keys) {
        FamilySettings s = DecoderKeys.read(keys, DEFAULTS);
        DecoderKeys.requireCausalAttention(keys);
        DecoderKeys.attentionBias(s, keys);
        s.queryKeyNorms = QueryKeyNorms.EACH_HEAD;
        s.windows = Qwen2Family.windows(keys, s.layers);
        return s;
    }

    @Override
    public List<GgufArchitecture> gguf() {
        return List.of(GgufDecoder.architecture("qwen3", "model.", names(), Map.of(), Qwen3Family::config));
    }

    private static Map<String, Object> config(GgufParameters p) {
        Map<String, Object> config = GgufDecoder.rotaryConfig(p, "qwen3", "Qwen3ForCausalLM");
        config.put("hidden_act", "silu");
        config.put("attention_bias", p.hasTensor("blk.0.attn_q.bias"));
        return config;
    }
}
