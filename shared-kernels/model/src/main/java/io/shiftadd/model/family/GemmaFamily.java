package io.shiftadd.model.family;

import io.shiftadd.format.gguf.GgufArchitecture;
import io.shiftadd.format.gguf.GgufArchitecture.Change;
import io.shiftadd.format.gguf.GgufParameters;
import java.util.List;
import java.util.Map;

/** Gemma: embeddings scaled by √width, norms stored as differences from 1, GELU. */
final class GemmaFamily implements FamilyDefinition {

    private static final DecoderKeys.Defaults DEFAULTS =
            new DecoderKeys.Defaults(256000, 3072, 24576, 28, 16, 16, 256, 8192, 1e-6, 10_000, true);

    /** GGUF adds the 1 to all norms of all three generations. */
    static final Map<String, Change> NORMS = Map.of(
            "attn_norm",
            Change.PLUS_ONE,
            "attn_q_norm",
            Change.PLUS_ONE,
            "attn_k_norm",
            Change.PLUS_ONE,
            "post_attention_norm",
            Change.PLUS_ONE,
            "ffn_norm",
            Change.PLUS_ONE,
            "post_ffw_norm",
            Change.PLUS_ONE,
            "output_norm",
            Change.PLUS_ONE);

    @Override
    public List<String> modelTypes() {
        return List.of("gemma");
    }

    @Override
    public List<String> classes() {
        return List.of("GemmaForCausalLM");
    }

    @Override
    public ModelNames names() {
        return ModelNames.decoder(BlockNames.decoder());
    }

    @Override
    public FamilySettings read(ConfigKeys keys) {
        FamilySettings s = DecoderKeys.read(keys, DEFAULTS);
        common(s, keys);
        // Gemma's first config.json said gelu where the approximation was meant; the reference reads it so.
        Activation named = ModelConfigReader.activation(keys, "hidden_act", "gelu_pytorch_tanh");
        s.activation = named == Activation.GELU ? Activation.GELU_TANH : named;
        return s;
    }

    /** What all three generations have. */
    static void common(FamilySettings s, ConfigKeys keys) {
        DecoderKeys.requireCausalAttention(keys);
        DecoderKeys.attentionBias(s, keys);
        s.normUnitOffset = true;
        s.embeddingScale = (float) Math.sqrt(s.hiddenSize);
    }

    @Override
    public List<GgufArchitecture> gguf() {
        return List.of(GgufDecoder.architecture("gemma", "model.", names(), NORMS, GemmaFamily::config));
    }

    private static Map<String, Object> config(GgufParameters p) {
        Map<String, Object> config = GgufDecoder.rotaryConfig(p, "gemma", "GemmaForCausalLM");
        config.put("hidden_activation", "gelu_pytorch_tanh");
        return config;
    }
}
