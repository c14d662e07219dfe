package io.shiftadd.format;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Scaling of rotary embeddings. Linear scaling is in the metadata; LLaMA 3's is only there as a tensor of divisors of
 * the frequencies, from which the parameters are found again.
 */
final class GgufRope {

    /** All LLaMA 3 models have these; only the factor differs. */
    private static final double LOW_FREQUENCY_FACTOR = 1;

    private static final double HIGH_FREQUENCY_FACTOR = 4;
    private static final double ORIGINAL_CONTEXT = 8192;

    private static final double TOLERANCE = 1e-3;

    private final GgufFile file;
    private final String prefix;

    GgufRope(GgufFile file, String prefix) {
        this.file = file;
        this.prefix = prefix;
    }

    /**
     * The value of {@code rope_scaling}; empty when there is none.
     *
     * @param config has {@code rope_theta} when it is not the default
     */
    Optional<Map<String, Object>> scaling(Map<String, Object> config) {
        String type = file.gguf().text(prefix + "scaling.type").orElse("none");
        Optional<float[]> divisors = file.ropeDivisors();
        Map<String, Object> scaling = new LinkedHashMap<>();
        if (divisors.isPresent() && type.equals("none")) {
            double theta = config.get("rope_theta") instanceof Double given ? given : 10_000;
            scaling.put("rope_type", "llama3");
            scaling.put("factor", llama3Factor(divisors.get(), theta));
            scaling.put("low_freq_factor", LOW_FREQUENCY_FACTOR);
            scaling.put("high_freq_factor", HIGH_FREQUENCY_FACTOR);
            scaling.put("original_max_position_embeddings", (long) ORIGINAL_CONTEXT);
        } else if (type.equals("linear")) {
            scaling.put("rope_type", "linear");
            scaling.put("factor", file.gguf().number(prefix + "scaling.factor").orElse(1));
        } else if (!type.equals("none")) {
            throw unsupported("scales rotary embeddings by '" + type + "'");
        }
        return scaling.isEmpty() ? Optional.empty() : Optional.of(scaling);
    }

    private double llama3Factor(float[] divisors, double theta) {
        double factor = 1;
        for (float divisor : divisors) {
            factor = Math.max(factor, divisor);
        }
        for (int i = 0; i < divisors.length; i++) {
            double expected = divisor(Math.pow(theta, -(double) i / divisors.length), factor);
            if (!(Math.abs(divisors[i] - expected) <= TOLERANCE * expected)) {
                throw unsupported("has rope_freqs that are not those of LLaMA 3");
            }
        }
        return factor;
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
        return new FormatException(
                what,
                file.path().toString(),
                "supported are none, linear and LLaMA 3's",
                "Use the safetensors files of the model.");
    }
}
