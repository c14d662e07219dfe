package io.shiftadd.model.family;

import io.shiftadd.format.gguf.GgufArchitecture;
import io.shiftadd.format.gguf.GgufParameters;
import java.util.List;
import java.util.Map;

/** LLaMA 1 to 3: the form that most later families have, too. */
final class LlamaFamily implements FamilyDefinition {

    private static final DecoderKeys.Defaults DEFAULTS =
            new DecoderKeys.Defaults(32000, 4096, 11008, 32, 32, 0, 0, 2048, 1e-6, 10_000, false);

    @Override
    public List<String> modelTypes() {
        return List.of("llama");
    }

    @Override
    public List<String> classes() {
        return List.of("LlamaForCausalLM");
    }

    @Override
    public ModelNames names() {
        return ModelNames.decoder(BlockNames.decoder());
    }

    @Override
    public FamilySettings read(ConfigKeys keys) {
        FamilySettings s = DecoderKeys.read(keys, DEFAULTS);
        DecoderKeys.requireWholeHeads(s);
        DecoderKeys.requireCausalAttention(keys);
        DecoderKeys.attentionBias(s, keys);
        s.feedForwardBias = keys.flag("mlp_bias", false);
        return s;
    }

    @Override
    public List<GgufArchitecture> gguf() {
        ModelNames names = ModelNames.decoder(ExpertKeys.mixtralNames(BlockNames.decoder()));
        return List.of(GgufDecoder.architecture("llama", "model.", names, GgufDecoder.PAIRS, LlamaFamily::config));
    }

    /** Files of Mistral and Mixtral have this architecture, too. */
    private static Map<String, Object> config(GgufParameters p) {
        if (p.optional("expert_count").orElse(0) > 0) {
            Map<String, Object> config = GgufDecoder.rotaryConfig(p, "mixtral", "MixtralForCausalLM");
            config.put("hidden_act", "silu");
            p.optional("attention.sliding_window").ifPresent(window -> config.put("sliding_window", window));
            ExpertKeys.putCounts(p, config, "num_local_experts");
            return config;
        }
        boolean mistral = p.has("attention.sliding_window");
        Map<String, Object> config = mistral
                ? GgufDecoder.rotaryConfig(p, "mistral", "MistralForCausalLM")
                : GgufDecoder.rotaryConfig(p, "llama", "LlamaForCausalLM");
        config.put("hidden_act", "silu");
        config.put("attention_bias", p.hasTensor("blk.0.attn_q.bias"));
        config.put("mlp_bias", p.hasTensor("blk.0.ffn_up.bias"));
        p.optional("attention.sliding_window").ifPresent(window -> config.put("sliding_window", window));
        return config;
    }
}
