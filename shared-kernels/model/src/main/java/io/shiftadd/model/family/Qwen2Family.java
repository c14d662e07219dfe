package io.shiftadd.model.family;

import io.shiftadd.format.gguf.GgufArchitecture;
import io.shiftadd.format.gguf.GgufParameters;
import java.util.List;
import java.util.Map;

/** Qwen2: biases of queries, keys and values, and perhaps sliding windows in the later blocks. */
final class Qwen2Family implements FamilyDefinition {

    private static final DecoderKeys.Defaults DEFAULTS =
            new DecoderKeys.Defaults(151936, 4096, 22016, 32, 32, 32, 0, 32768, 1e-6, 10_000, false);

    @Override
    public List<String> modelTypes() {
        return List.of("qwen2");
    }

    @Override
    public List<String> classes() {
        return List.of("Qwen2ForCausalLM");
    }

    @Override
    public ModelNames names() {
        return ModelNames.decoder(BlockNames.decoder());
    }

    @Override
    public FamilySettings read(ConfigKeys keys) {
        FamilySettings s = DecoderKeys.read(keys, DEFAULTS);
        DecoderKeys.requireCausalAttention(keys);
        s.queryKeyValueBias = true;
        s.windows = windows(keys, s.layers);
        return s;
    }

    /** Also Qwen3's. */
    static List<Integer> windows(ConfigKeys keys, int layers) {
        int length = DecoderKeys.slidingWindow(keys, 4096);
        int window = keys.flag("use_sliding_window", false) ? length : 0;
        int first = keys.integer("max_window_layers", 28, 0, Integer.MAX_VALUE);
        return DecoderKeys.windows(DecoderKeys.slidingBlocks(keys, layers, layer -> layer >= first), window);
    }

    @Override
    public List<GgufArchitecture> gguf() {
        return List.of(GgufDecoder.architecture("qwen2", "model.", names(), Map.of(), Qwen2Family::config));
    }

    private static Map<String, Object> config(GgufParameters p) {
        Map<String, Object> config = GgufDecoder.rotaryConfig(p, "qwen2", "Qwen2ForCausalLM");
        config.put("hidden_act", "silu");
        return config;
    }
}
