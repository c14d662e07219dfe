package io.shiftadd.model.family;

import io.shiftadd.format.gguf.GgufArchitecture;
import io.shiftadd.format.gguf.GgufParameters;
import io.shiftadd.model.family.ModelConfig.BlockSettings.QueryKeyNorms;
import java.util.List;
import java.util.Map;

/** OLMo-2: norms on outputs instead of inputs, and on queries and keys of all heads together. */
final class Olmo2Family implements FamilyDefinition {

    private static final DecoderKeys.Defaults DEFAULTS =
            new DecoderKeys.Defaults(50304, 4096, 11008, 32, 32, 0, 0, 2048, 1e-5, 10_000, false);

    @Override
    public List<String> modelTypes() {
        return List.of("olmo2");
    }

    @Override
    public List<String> classes() {
        return List.of("Olmo2ForCausalLM");
    }

    @Override
    public ModelNames names() {
        return ModelNames.decoder(BlockNames.decoder()
                .withQueryKeyNorms()
                .without(BlockPart.ATTENTION_NORM, BlockPart.FEED_FORWARD_NORM)
                .with(BlockPart.OUTPUT_NORM, "post_attention_layernorm")
                .with(BlockPart.DOWN_NORM, "post_feedforward_layernorm"));
    }

    @Override
    public FamilySettings read(ConfigKeys keys) {
        FamilySettings s = DecoderKeys.read(keys, DEFAULTS);
        DecoderKeys.attentionBias(s, keys);
        s.queryKeyNorms = QueryKeyNorms.ALL_HEADS;
        return s;
    }

    @Override
    public List<GgufArchitecture> gguf() {
        return List.of(GgufDecoder.architecture("olmo2", "model.", names(), Map.of(), Olmo2Family::config));
    }

    private static Map<String, Object> config(GgufParameters p) {
        Map<String, Object> config = GgufDecoder.rotaryConfig(p, "olmo2", "Olmo2ForCausalLM");
        config.put("hidden_act", "silu");
        return config;
    }
}
