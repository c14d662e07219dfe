package io.shiftadd.format.gguf;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of GGUF that change what a model computes, as llama.cpp has them, each with the values that change
 * nothing. An architecture that does not read one cannot keep to it, so that another value is refused by name; all
 * other parameters that nobody reads say what a file is, or how it was made.
 */
final class GgufUnreadKeys {

    private static final List<Double> ZERO = List.of(0.0);
    private static final List<Double> ONE = List.of(1.0);
    private static final List<Double> ZERO_OR_ONE = List.of(0.0, 1.0);

    private static final Map<String, List<Double>> NEUTRAL = new LinkedHashMap<>();

    static {
        put(ZERO_OR_ONE, "logit_scale", "embedding_scale", "residual_scale", "rope.scale_linear");
        put(ZERO_OR_ONE, "rope.scaling.factor", "rope.scaling.attn_factor", "expert_weights_scale");
        put(ONE, "attention.causal", "use_parallel_residual");
        put(ZERO, "attention.scale", "attention.output_scale", "attention.clamp_kqv");
        put(List.of(0.0, 8.0), "attention.max_alibi_bias");
        put(ZERO, "attn_logit_softcapping", "final_logit_softcapping", "router_logit_softcapping");
        put(ZERO, "attention.temperature_scale", "attention.temperature_length", "attention.shared_kv_layers");
        put(ZERO, "attention.sliding_window", "attention.q_lora_rank", "attention.kv_lora_rank");
        put(ZERO, "expert_count", "expert_shared_count", "nextn_predict_layers", "full_attention_interval");
        put(ZERO, "rope.dimension_sections", "rope.freq_base_swa", "rope.scaling.yarn_log_multiplier");
        put(ZERO, "rope.scaling.yarn_ext_factor", "parallel_residual", "embedding_length_per_layer_input");
        // The mean of all tokens is how texts are embedded here.
        put(ZERO_OR_ONE, "pooling_type");
    }

    private GgufUnreadKeys() {}

    private static void put(List<Double> neutral, String... names) {
        for (String name : names) {
            NEUTRAL.put(name, neutral);
        }
    }

    /**
     * @param read names that the architecture has asked for
     * @throws FormatException when another one changes what the model computes
     */
    static void refuse(GgufMetadata metadata, GgufParameters parameters, Set<String> read) {
        NEUTRAL.forEach((name, neutral) -> {
            double[] values = read.contains(name) ? null : values(metadata, parameters.architecture() + "." + name);
            if (values != null && !Arrays.stream(values).allMatch(neutral::contains)) {
                throw parameters.unsupported(
                        "has '" + parameters.architecture() + "." + name + "' = "
                                + (values.length == 1 ? plain(values[0]) : "a list"),
                        "it changes what the model computes, and is not supported for this architecture");
            }
        });
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    private static double @Nullable [] values(GgufMetadata metadata, String key) {
        if (!metadata.keys().contains(key)) {
            return null;
        }
        if (metadata.isFlag(key)) {
            return new double[] {metadata.flag(key).orElse(false) ? 1 : 0};
        }
        return metadata.isList(key)
                ? metadata.numbers(key)
                : new double[] {metadata.number(key).orElse(0)};
    }
}
