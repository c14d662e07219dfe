package io.shiftadd.model.family;

import io.shiftadd.format.gguf.GgufArchitecture;
import io.shiftadd.format.gguf.GgufParameters;
import io.shiftadd.model.family.Positions.Rotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** SmolLM3: LLaMA with some blocks that know no positions. */
final class Smollm3Family implements FamilyDefinition {

    private static final double THETA = 2_000_000;
    private static final DecoderKeys.Defaults DEFAULTS =
            new DecoderKeys.Defaults(128256, 2048, 11008, 36, 16, 4, 0, 32768, 1e-6, THETA, true);

    @Override
    public List<String> modelTypes() {
        return List.of("smollm3");
    }

    @Override
    public List<String> classes() {
        return List.of("SmolLM3ForCausalLM");
    }

    @Override
    public Set<String> implementedKeys() {
        return Set.of("no_rope_layers", "no_rope_layer_interval");
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
        List<Boolean> rotated = rotated(keys, s.layers);
        Rotation rotation = RopeReader.read(keys, s.contextLength, THETA);
        s.positions = new Positions.Rotary(
                s.headDim,
                rotated.stream()
                        .map(rotates -> rotates ? Optional.of(rotation) : Optional.<Rotation>empty())
                        .toList());
        int window = keys.flag("use_sliding_window", false) ? DecoderKeys.slidingWindow(keys, 0) : 0;
        s.windows = DecoderKeys.windows(
                DecoderKeys.slidingBlocks(keys, s.layers, layer -> window > 0 && !rotated.get(layer)), window);
        return s;
    }

    /** {@code no_rope_layers} says 1 where there is rotation, in spite of its name. */
    private static List<Boolean> rotated(ConfigKeys keys, int layers) {
        int interval = keys.integer("no_rope_layer_interval", 4, 1, ModelConfigReader.MAX_LAYERS);
        Optional<List<Integer>> listed = keys.integers("no_rope_layers");
        List<Boolean> rotated = new ArrayList<>(layers);
        for (int layer = 0; layer < layers; layer++) {
            if (listed.isPresent() && listed.get().size() != layers) {
                throw keys.wrong("no_rope_layers", "as long as num_hidden_layers = " + layers);
            }
            rotated.add(listed.isPresent() ? listed.get().get(layer) != 0 : (layer + 1) % interval != 0);
        }
        return rotated;
    }

    @Override
    public List<GgufArchitecture> gguf() {
        return List.of(
                GgufDecoder.architecture("smollm3", "model.", names(), GgufDecoder.PAIRS, Smollm3Family::config));
    }

    private static Map<String, Object> config(GgufParameters p) {
        Map<String, Object> config = GgufDecoder.rotaryConfig(p, "smollm3", "SmolLM3ForCausalLM");
        config.put("hidden_act", "silu");
        return config;
    }
}
