package io.shiftadd.model.family;

import io.shiftadd.format.gguf.GgufArchitecture;
import io.shiftadd.format.gguf.GgufParameters;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gemma-2: norms on outputs as well, soft caps, a sliding window in every other block. */
final class Gemma2Family implements FamilyDefinition {

    private static final DecoderKeys.Defaults DEFAULTS =
            new DecoderKeys.Defaults(256000, 2304, 9216, 26, 8, 4, 256, 8192, 1e-6, 10_000, true);

    /** The blocks of the 27B model, whose scores are scaled by the width of a head and not by head_dim. */
    private static final int LARGEST = 46;

    @Override
    public List<String> modelTypes() {
        return List.of("gemma2");
    }

    @Override
    public List<String> classes() {
        return List.of("Gemma2ForCausalLM");
    }

    @Override
    public Set<String> implementedKeys() {
        return Set.of("attn_logit_softcapping", "final_logit_softcapping");
    }

    @Override
    public ModelNames names() {
        return ModelNames.decoder(parts());
    }

    static BlockNames parts() {
        return BlockNames.decoder()
                .with(BlockPart.OUTPUT_NORM, "post_attention_layernorm")
                .with(BlockPart.FEED_FORWARD_NORM, "pre_feedforward_layernorm")
                .with(BlockPart.DOWN_NORM, "post_feedforward_layernorm");
    }

    @Override
    public FamilySettings read(ConfigKeys keys) {
        FamilySettings s = DecoderKeys.read(keys, DEFAULTS);
        GemmaFamily.common(s, keys);
        DecoderKeys.requireWholeHeads(s);
        s.activation = ModelConfigReader.activation(keys, "hidden_activation", "gelu_pytorch_tanh");
        s.attentionScale = (float) Math.pow(keys.positive("query_pre_attn_scalar", 256), -0.5);
        s.attentionSoftCap = DecoderKeys.softCap(keys, "attn_logit_softcapping", 50);
        s.logitSoftCap = DecoderKeys.softCap(keys, "final_logit_softcapping", 30);
        List<Boolean> sliding = DecoderKeys.slidingBlocks(keys, s.layers, layer -> layer % 2 == 0);
        s.windows = DecoderKeys.windows(sliding, DecoderKeys.slidingWindow(keys, 4096));
        return s;
    }

    @Override
    public List<GgufArchitecture> gguf() {
        return List.of(GgufDecoder.architecture("gemma2", "model.", names(), GemmaFamily.NORMS, Gemma2Family::config));
    }

    private static Map<String, Object> config(GgufParameters p) {
        Map<String, Object> config = GgufDecoder.rotaryConfig(p, "gemma2", "Gemma2ForCausalLM");
        windowsAndCaps(p, config);
        config.put("query_pre_attn_scalar", queryScalar(p, LARGEST));
        return config;
    }

    static void windowsAndCaps(GgufParameters p, Map<String, Object> config) {
        config.put("hidden_activation", "gelu_pytorch_tanh");
        p.optional("attention.sliding_window").ifPresent(window -> config.put("sliding_window", window));
        p.number("attn_logit_softcapping").ifPresent(cap -> config.put("attn_logit_softcapping", cap));
        p.number("final_logit_softcapping").ifPresent(cap -> config.put("final_logit_softcapping", cap));
    }

    /** Not in the file: the largest model of a generation, known by its blocks, is the exception. */
    static long queryScalar(GgufParameters p, int largest) {
        return p.required("block_count") == largest
                ? p.required("embedding_length") / p.required("attention.head_count")
                : p.required("attention.key_length");
    }
}
