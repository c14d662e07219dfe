package io.shiftadd.model.family;

import io.shiftadd.format.gguf.GgufArchitecture;
import io.shiftadd.format.gguf.GgufParameters;
import io.shiftadd.model.family.ModelConfig.BlockSettings.QueryKeyNorms;
import io.shiftadd.model.family.Positions.Rotation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gemma 3, alone or as the text part of a model that sees: norms on queries and keys, five blocks with a sliding window
 * and a rotation of their own to one without.
 */
final class Gemma3Family implements FamilyDefinition {

    private static final double GLOBAL_THETA = 1_000_000;
    private static final double LOCAL_THETA = 10_000;
    private static final DecoderKeys.Defaults DEFAULTS =
            new DecoderKeys.Defaults(262_208, 2304, 9216, 26, 8, 4, 256, 131_072, 1e-6, GLOBAL_THETA, true);

    /** Of so many blocks, the last has no window. */
    private static final int PATTERN = 6;

    /** The blocks of the 27B model; see {@link Gemma2Family#queryScalar}. */
    private static final int LARGEST = 62;

    @Override
    public List<String> modelTypes() {
        return List.of("gemma3_text", "gemma3");
    }

    @Override
    public List<String> classes() {
        return List.of("Gemma3ForCausalLM", "Gemma3ForConditionalGeneration");
    }

    @Override
    public boolean hasTextConfig() {
        return true;
    }

    /** What it sees with is left alone: the text part is all that is used. */
    @Override
    public Set<String> implementedKeys() {
        return Set.of("attn_logit_softcapping", "final_logit_softcapping", "vision_config");
    }

    @Override
    public ModelNames names() {
        return ModelNames.decoder(Gemma2Family.parts().withQueryKeyNorms());
    }

    @Override
    public FamilySettings read(ConfigKeys keys) {
        FamilySettings s = DecoderKeys.readWithoutRotation(keys, DEFAULTS);
        GemmaFamily.common(s, keys);
        s.queryKeyNorms = QueryKeyNorms.EACH_HEAD;
        s.activation = ModelConfigReader.activation(keys, "hidden_activation", "gelu_pytorch_tanh");
        s.attentionScale = (float) Math.pow(keys.positive("query_pre_attn_scalar", 256), -0.5);
        s.attentionSoftCap = DecoderKeys.softCap(keys, "attn_logit_softcapping", 0);
        s.logitSoftCap = DecoderKeys.softCap(keys, "final_logit_softcapping", 0);
        int pattern = keys.integer("sliding_window_pattern", PATTERN, 1, ModelConfigReader.MAX_LAYERS);
        List<Boolean> sliding = DecoderKeys.slidingBlocks(keys, s.layers, layer -> (layer + 1) % pattern != 0);
        s.windows = DecoderKeys.windows(sliding, DecoderKeys.slidingWindow(keys, 4096));
        s.positions = rotary(keys, s, sliding);
        return s;
    }

    /** Either one set of parameters for each kind of block, or the older keys, whose scaling is for global blocks. */
    private static Positions rotary(ConfigKeys keys, FamilySettings s, List<Boolean> sliding) {
        Optional<ConfigKeys> each = RopeReader.parameters(keys)
                .filter(rope -> rope.hasValue("full_attention") || rope.hasValue("sliding_attention"));
        Rotation global = each.isEmpty()
                ? RopeReader.read(keys, s.contextLength, GLOBAL_THETA)
                : each.flatMap(rope -> rope.child("full_attention"))
                        .map(rope -> RopeReader.read(keys, rope, s.contextLength, GLOBAL_THETA))
                        .orElseGet(() -> new Rotation(
                                keys.positive("rope_theta", GLOBAL_THETA), new Positions.RopeScaling.None()));
        double localTheta = keys.positive("rope_local_base_freq", LOCAL_THETA);
        Rotation local = each.flatMap(rope -> rope.child("sliding_attention"))
                .map(rope -> RopeReader.read(keys, rope, s.contextLength, localTheta))
                .orElseGet(() -> new Rotation(localTheta, new Positions.RopeScaling.None()));
        return new Positions.Rotary(
                s.headDim,
                sliding.stream()
                        .map(slides -> Optional.of(slides ? local : global))
                        .toList());
    }

    @Override
    public List<GgufArchitecture> gguf() {
        return List.of(GgufDecoder.architecture("gemma3", "model.", names(), GemmaFamily.NORMS, Gemma3Family::config));
    }

    private static Map<String, Object> config(GgufParameters p) {
        Map<String, Object> config = GgufDecoder.rotaryConfig(p, "gemma3_text", "Gemma3ForCausalLM");
        Gemma2Family.windowsAndCaps(p, config);
        config.putIfAbsent("rope_theta", GLOBAL_THETA);
        p.number("rope.freq_base_swa").ifPresent(theta -> config.put("rope_local_base_freq", theta));
        config.put("query_pre_attn_scalar", Gemma2Family.queryScalar(p, LARGEST));
        return config;
    }
}
