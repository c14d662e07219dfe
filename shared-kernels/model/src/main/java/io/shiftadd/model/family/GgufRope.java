package io.shiftadd.model.family;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.gguf.GgufParameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Scaling of rotary embeddings. Linear scaling is in the metadata; LLaMA 3's is only there as a tensor of divisors of
 * the frequencies, from which the parameters are found again; other divisors are kept as they are.
 */
final class GgufRope {

    /** All LLaMA 3 models have these; only the factor differs. */
    private static final double LOW_FREQUENCY_FACTOR = 1;

    private static final double HIGH_FREQUENCY_FACTOR = 4;
    private static final double ORIGINAL_CONTEXT = 8192;

    private static final double TOLERANCE = 1e-3;

    private final GgufParameters parameters;

    GgufRope(GgufParameters parameters) {
        this.parameters = parameters;
    }

    /**
     * The value of {@code rope_scaling}; empty when there is none.
     *
     * @param config has {@code rope_theta} when it is not the default
     */
    Optional<Map<String, Object>> scaling(Map<String, Object> config) {
        String type = parameters.text("rope.scaling.type").orElse("none");
        Optional<float[]> divisors = parameters.values("rope_freqs.weight");
        Map<String, Object> scaling = new LinkedHashMap<>();
        if (divisors.isPresent() && type.equals("none")) {
            double theta = config.get("rope_theta") instanceof Double given ? given : 10_000;
            OptionalDouble factor = llama3Factor(divisors.get(), theta);
            if (factor.isPresent()) {
                scaling.put("rope_type", "llama3");
                scaling.put("factor", factor.getAsDouble());
                scaling.put("low_freq_factor", LOW_FREQUENCY_FACTOR);
                scaling.put("high_freq_factor", HIGH_FREQUENCY_FACTOR);
                scaling.put("original_max_position_embeddings", (long) ORIGINAL_CONTEXT);
            } else {
                scaling.put("rope_type", "longrope");
                scaling.put("short_factor", list(divisors.get()));
                scaling.put("long_factor", list(divisors.get()));
                scaling.put("attention_factor", 1.0);
            }
        } else if (type.equals("linear")) {
            scaling.put("rope_type", "linear");
            scaling.put("factor", parameters.number("rope.scaling.factor").orElse(1));
        } else if (!type.equals("none")) {
            throw unsupported("scales rotary embeddings by '" + type + "'");
        }
        return scaling.isEmpty() ? Optional.empty() : Optional.of(scaling);
    }

    static List<Double> list(float[] factors) {
        List<Double> list = new ArrayList<>();
        for (float factor : factors) {
            list.add((double) factor);
        }
        return list;
    }

    /** Empty if they are not those of LLaMA 3. */
    private static OptionalDouble llama3Factor(float[] divisors, double theta) {
        double factor = 1;
        for (float divisor : divisors) {
            factor = Math.max(factor, divisor);
        }
        for (int i = 0; i < divisors.length; i++) {
            double expected = divisor(Math.pow(theta, -(double) i / divisors.length), factor);
            if (!(Math.abs(divisors[i] - expected) <= TOLERANCE * expected)) {
                return OptionalDouble.empty();
            }
        }
        return OptionalDouble.of(factor);
    }

    /** What LLaMA 3 divides a frequency by (transformers, _compute_llama3_parameters). */
    private static double divisor(double frequency, double factor) {
        double wavelength = 2 * Math.PI / frequency;
        if (wavelength < ORIGINAL_CONTEXT / HIGH_FREQUENCY_FACTOR) {
            return 1;
        }
        if (wavelength > ORIGINAL_CONTEXT / LOW_FREQUENCY_FACTOR) {
            return factor;
        }
        double smooth =
                (ORIGINAL_CONTEXT / wavelength - LOW_FREQUENCY_FACTOR) / (HIGH_FREQUENCY_FACTOR - LOW_FREQUENCY_FACTOR);
        return 1 / ((1 - smooth) / factor + smooth);
    }

    private FormatException unsupported(String what) {
        return parameters.unsupported(what, "supported are none, linear and LLaMA 3's");
    }
}
