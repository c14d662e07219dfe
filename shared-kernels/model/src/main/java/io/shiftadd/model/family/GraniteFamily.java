package io.shiftadd.model.family;

import io.shiftadd.format.gguf.GgufArchitecture;
import io.shiftadd.format.gguf.GgufParameters;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Granite: LLaMA with four multipliers, of embeddings, scores, outputs of halves, and logits. */
final class GraniteFamily implements FamilyDefinition {

    private static final DecoderKeys.Defaults DEFAULTS =
            new DecoderKeys.Defaults(32000, 4096, 11008, 32, 32, 0, 0, 2048, 1e-6, 10_000, false);

    @Override
    public List<String> modelTypes() {
        return List.of("granite");
    }

    @Override
    public List<String> classes() {
        return List.of("GraniteForCausalLM");
    }

    @Override
    public Set<String> implementedKeys() {
        return Set.of("embedding_multiplier", "attention_multiplier", "residual_multiplier", "logits_scaling");
    }

    @Override
    public ModelNames names() {
        return ModelNames.decoder(BlockNames.decoder());
    }

    @Override
    public FamilySettings read(ConfigKeys keys) {
        FamilySettings s = DecoderKeys.read(keys, DEFAULTS);
        DecoderKeys.attentionBias(s, keys);
        s.feedForwardBias = keys.flag("mlp_bias", false);
        s.embeddingScale = (float) keys.positive("embedding_multiplier", 1);
        s.attentionScale = (float) keys.positive("attention_multiplier", 1);
        s.residualScale = (float) keys.positive("residual_multiplier", 1);
        s.logitScale = (float) (1 / keys.positive("logits_scaling", 1));
        return s;
    }

    @Override
    public List<GgufArchitecture> gguf() {
        return List.of(
                GgufDecoder.architecture("granite", "model.", names(), GgufDecoder.PAIRS, GraniteFamily::config));
    }

    private static Map<String, Object> config(GgufParameters p) {
        Map<String, Object> config = GgufDecoder.rotaryConfig(p, "granite", "GraniteForCausalLM");
        config.put("hidden_act", "silu");
        config.put("attention_bias", p.hasTensor("blk.0.attn_q.bias"));
        config.put("mlp_bias", p.hasTensor("blk.0.ffn_up.bias"));
        p.number("embedding_scale").ifPresent(scale -> config.put("embedding_multiplier", scale));
        p.number("attention.scale").ifPresent(scale -> config.put("attention_multiplier", scale));
        p.number("residual_scale").ifPresent(scale -> config.put("residual_multiplier", scale));
        p.number("logit_scale").ifPresent(scale -> config.put("logits_scaling", scale));
        return config;
    }
}
