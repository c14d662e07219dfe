package io.shiftadd.model.family;

import io.shiftadd.format.gguf.GgufArchitecture;
import io.shiftadd.format.gguf.GgufParameters;
import java.util.List;
import java.util.Map;

/**
 * BitNet b1.58: weights of −1, 0 and 1 with a scale for each layer, inputs of layers rounded to 8 bits, norms before
 * the last layers of attention and feed-forward.
 */
final class BitnetFamily implements FamilyDefinition {

    private static final DecoderKeys.Defaults DEFAULTS =
            new DecoderKeys.Defaults(128256, 2560, 6912, 30, 20, 5, 0, 2048, 1e-5, 500_000, false);

    @Override
    public List<String> modelTypes() {
        return List.of("bitnet");
    }

    @Override
    public List<String> classes() {
        return List.of("BitNetForCausalLM");
    }

    @Override
    public ModelNames names() {
        return ModelNames.decoder(BlockNames.decoder()
                .with(BlockPart.MIXED_NORM, "self_attn.attn_sub_norm")
                .with(BlockPart.INNER_NORM, "mlp.ffn_sub_norm"));
    }

    @Override
    public boolean isTernary() {
        return true;
    }

    @Override
    public FamilySettings read(ConfigKeys keys) {
        FamilySettings s = DecoderKeys.read(keys, DEFAULTS);
        DecoderKeys.attentionBias(s, keys);
        s.activation = ModelConfigReader.activation(keys, "hidden_act", "relu2");
        // Without it the reference computes with the weights as they are, and rounds no inputs.
        s.roundedInputs = keys.child("quantization_config").isPresent();
        return s;
    }

    @Override
    public List<GgufArchitecture> gguf() {
        return List.of(
                GgufDecoder.architecture("bitnet", "model.", names(), Map.of(), p -> config(p, "silu")),
                GgufDecoder.architecture("bitnet-b1.58", "model.", names(), Map.of(), p -> config(p, "relu2")));
    }

    /** @param activation which files do not tell: it is that of the models of each architecture's name */
    private static Map<String, Object> config(GgufParameters p, String activation) {
        Map<String, Object> config = GgufDecoder.rotaryConfig(p, "bitnet", "BitNetForCausalLM");
        config.put("hidden_act", activation);
        config.put("quantization_config", Map.of("quant_method", "bitnet", "linear_class", "autobitlinear"));
        return config;
    }
}
