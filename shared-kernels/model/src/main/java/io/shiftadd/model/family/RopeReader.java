package io.shiftadd.model.family;

import io.shiftadd.model.family.Positions.RopeScaling;
import io.shiftadd.model.family.Positions.Rotation;
import java.util.List;
import java.util.Optional;

/**
 * Rotary settings from either generation of config.json: {@code rope_theta} with {@code rope_scaling}, whose kind is
 * under {@code type} or {@code rope_type}, or {@code rope_parameters}, which holds all of it.
 */
final class RopeReader {

    private RopeReader() {}

    /** The rotation of a family that rotates whole heads, in all blocks alike. */
    static Rotation read(ConfigKeys keys, int contextLength, double defaultTheta) {
        requireWholeRotation(keys);
        uniform(keys).ifPresent(RopeReader::requireWholeRotation);
        return readPartial(keys, contextLength, "rope_theta", defaultTheta);
    }

    /** The rotation of a family that may rotate a part of each head, which {@link #part} tells. */
    static Rotation readPartial(ConfigKeys keys, int contextLength, String thetaKey, double defaultTheta) {
        double outer = keys.positive(thetaKey, defaultTheta);
        Optional<ConfigKeys> parameters = uniform(keys);
        if (parameters.isEmpty()) {
            return new Rotation(outer, new RopeScaling.None());
        }
        ConfigKeys rope = parameters.get();
        double theta = rope.positive("rope_theta", outer);
        if (keys.hasValue(thetaKey) && theta != outer) {
            throw keys.wrong(thetaKey, "equal to the rope_theta = " + theta + " among the scaling's keys");
        }
        return new Rotation(theta, scaling(keys, rope, contextLength));
    }

    /** As {@link #read}, from an object that holds the parameters of some blocks. */
    static Rotation read(ConfigKeys keys, ConfigKeys rope, int contextLength, double defaultTheta) {
        requireWholeRotation(keys);
        requireWholeRotation(rope);
        return new Rotation(rope.positive("rope_theta", defaultTheta), scaling(keys, rope, contextLength));
    }

    /** Elements of a head that are rotated: a part of them, rounded down, that the reference's key tells. */
    static int part(ConfigKeys keys, String key, double otherwise, int headDim) {
        double part = uniform(keys)
                .filter(rope -> rope.hasValue("partial_rotary_factor"))
                .map(rope -> rope.positive("partial_rotary_factor", otherwise))
                .orElseGet(() -> keys.positive(key, otherwise));
        int dimensions = (int) (headDim * part);
        if (part > 1 || dimensions < 2 || dimensions % 2 != 0) {
            throw keys.wrong(key, "a part of a head's " + headDim + " elements that is an even number of them");
        }
        return dimensions;
    }

    private static Optional<ConfigKeys> uniform(ConfigKeys keys) {
        return parameters(keys).map(RopeReader::ofAllLayers);
    }

    /** As they are, perhaps by type of layer. */
    static Optional<ConfigKeys> parameters(ConfigKeys keys) {
        Optional<ConfigKeys> old = keys.child("rope_scaling").filter(scaling -> !scaling.isEmpty());
        Optional<ConfigKeys> current = keys.child("rope_parameters");
        if (old.isPresent() && current.isPresent()) {
            keys.spelling("rope_parameters", "rope_scaling");
        }
        return old.or(() -> current);
    }

    /** Some configs have the parameters by type of layer even where all layers rotate alike. */
    private static ConfigKeys ofAllLayers(ConfigKeys rope) {
        List<String> types = rope.objects();
        if (types.isEmpty()) {
            return rope;
        }
        ConfigKeys first = rope.child(types.getFirst()).orElseThrow();
        for (String type : types) {
            if (!rope.child(type).orElseThrow().isSameAs(first)) {
                throw rope.wrong(type, "the same as " + types.getFirst() + ": all layers of this family rotate alike");
            }
        }
        if (rope.hasValue("rope_theta") || rope.hasValue("rope_type")) {
            throw rope.wrong(types.getFirst(), "absent where rope_theta or rope_type stand beside it");
        }
        return first;
    }

    private static RopeScaling scaling(ConfigKeys keys, ConfigKeys rope, int contextLength) {
        String key = rope.spelling("rope_type", "type");
        return switch (rope.text(key).orElse("default")) {
            case "default" -> new RopeScaling.None();
            case "linear" -> new RopeScaling.Linear(required(rope, "factor"));
            case "dynamic" -> new RopeScaling.DynamicNtk(required(rope, "factor"));
            case "llama3" -> llama3(keys, rope, contextLength);
            case "yarn" ->
                rope.hasValue("long_factor") ? longRope(keys, rope, contextLength) : yarn(keys, rope, contextLength);
            case "longrope", "su" -> longRope(keys, rope, contextLength);
            default -> throw rope.wrong(key, "default, linear, dynamic, llama3, yarn or longrope");
        };
    }

    /** Source: LongRoPE (arXiv 2402.13753), as Phi-3 has it; its attention sharpens with the stretch, too. */
    private static RopeScaling longRope(ConfigKeys keys, ConfigKeys rope, int contextLength) {
        int original = originalContext(keys, rope, contextLength);
        double factor = rope.optionalPositive("factor").orElse((double) contextLength / original);
        double attention = rope.optionalPositive("attention_factor")
                .orElseGet(() -> factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original)));
        return new RopeScaling.Long(rope.positives("short_factor"), rope.positives("long_factor"), attention, original);
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
