package io.shiftadd.model;

import io.shiftadd.model.Positions.RopeScaling;
import java.util.Optional;

/**
 * Rotary settings from either generation of config.json: {@code rope_theta} with {@code rope_scaling}, whose kind is
 * under {@code type} or {@code rope_type}, or {@code rope_parameters}, which holds all of it.
 */
final class RopeReader {

    private static final double DEFAULT_THETA = 10_000;

    private RopeReader() {}

    static Positions.Rotary read(ConfigKeys keys, int contextLength) {
        Optional<ConfigKeys> old = keys.child("rope_scaling").filter(scaling -> !scaling.isEmpty());
        Optional<ConfigKeys> current = keys.child("rope_parameters");
        if (old.isPresent() && current.isPresent()) {
            keys.spelling("rope_parameters", "rope_scaling");
        }
        requireWholeRotation(keys);
        double outer = keys.positive("rope_theta", DEFAULT_THETA);
        Optional<ConfigKeys> parameters = old.or(() -> current);
        if (parameters.isEmpty()) {
            return new Positions.Rotary(outer, new RopeScaling.None());
        }
        ConfigKeys rope = parameters.get();
        requireWholeRotation(rope);
        double theta = rope.positive("rope_theta", outer);
        if (keys.hasValue("rope_theta") && theta != outer) {
            throw keys.wrong("rope_theta", "equal to the rope_theta = " + theta + " among the scaling's keys");
        }
        return new Positions.Rotary(theta, scaling(keys, rope, contextLength));
    }

    private static RopeScaling scaling(ConfigKeys keys, ConfigKeys rope, int contextLength) {
        String key = rope.spelling("rope_type", "type");
        return switch (rope.text(key).orElse("default")) {
            case "default" -> new RopeScaling.None();
            case "linear" -> new RopeScaling.Linear(required(rope, "factor"));
            case "dynamic" -> new RopeScaling.DynamicNtk(required(rope, "factor"));
            case "llama3" -> llama3(keys, rope, contextLength);
            case "yarn" -> yarn(keys, rope, contextLength);
            default -> throw rope.wrong(key, "default, linear, dynamic, llama3 or yarn");
        };
    }

    private static RopeScaling llama3(ConfigKeys keys, ConfigKeys rope, int contextLength) {
        double low = required(rope, "low_freq_factor");
        double high = required(rope, "high_freq_factor");
        if (high <= low) {
            throw rope.wrong("high_freq_factor", "above low_freq_factor = " + low);
        }
        return new RopeScaling.Llama3(required(rope, "factor"), low, high, originalContext(keys, rope, contextLength));
    }

    private static RopeScaling yarn(ConfigKeys keys, ConfigKeys rope, int contextLength) {
        double factor = required(rope, "factor");
        double attention = rope.optionalPositive("attention_factor").orElseGet(() -> {
            double mscale = rope.optionalPositive("mscale").orElse(0);
            double allDim = rope.optionalPositive("mscale_all_dim").orElse(0);
            return mscale > 0 && allDim > 0
                    ? magnitude(factor, mscale) / magnitude(factor, allDim)
                    : magnitude(factor, 1);
        });
        return new RopeScaling.Yarn(
                factor,
                attention,
                rope.optionalPositive("beta_fast").orElse(32),
                rope.optionalPositive("beta_slow").orElse(1),
                rope.flag("truncate", true),
                originalContext(keys, rope, contextLength));
    }

    /** YaRN, section 3.4: attention sharpens with the logarithm of the stretch. */
    private static double magnitude(double factor, double scale) {
        return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
    }

    private static double required(ConfigKeys rope, String key) {
        return rope.optionalPositive(key).orElseThrow(() -> rope.wrong(key, "a number above 0"));
    }

    private static int originalContext(ConfigKeys keys, ConfigKeys rope, int contextLength) {
        String key = "original_max_position_embeddings";
        // The reference lets the outer key win.
        ConfigKeys source = keys.hasValue(key) ? keys : rope;
        return source.optionalInteger(key, 1, ModelConfigReader.MAX_CONTEXT).orElse(contextLength);
    }

    private static void requireWholeRotation(ConfigKeys keys) {
        double part = keys.optionalPositive("partial_rotary_factor").orElse(1);
        if (part != 1) {
            throw keys.wrong("partial_rotary_factor", "1: these families rotate whole heads");
        }
    }
}
