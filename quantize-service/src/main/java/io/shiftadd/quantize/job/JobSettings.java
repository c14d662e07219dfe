package io.shiftadd.quantize.job;

import io.shiftadd.quantize.reparameterization.Method;
import io.shiftadd.quantize.reparameterization.ReparameterizationSettings;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a job asks for, as the registry validated it.
 *
 * @param method acc, lat or one of the baselines
 * @param bits for every layer; absent when {@code meanBits} is given
 * @param meanBits budget of the parameter-weighted mean; absent when {@code bits} is given
 * @param samples calibration sequences
 * @param sequenceLength tokens of one of them; 0 takes the smaller of 2048 and the model's context
 * @param originalCalibration whether a block's inputs come from the unmodified model, so that none waits for another
 * @param evaluationWindows windows of which the perplexity is taken; 0 takes as many as the text has
 */
record JobSettings(
        String method,
        @Nullable Integer bits,
        @Nullable Double meanBits,
        int samples,
        int sequenceLength,
        int evaluationWindows,
        long seed,
        int rounds,
        int terms,
        boolean activationOrder,
        boolean originalCalibration) {

    static final int LONGEST_SEQUENCE = 2048;

    static JobSettings parse(JsonMapper json, String text) {
        JsonNode node = json.readTree(text);
        return new JobSettings(
                node.path("method").asString("acc"),
                node.hasNonNull("bits") ? node.get("bits").asInt() : null,
                node.hasNonNull("meanBits") ? node.get("meanBits").asDouble() : null,
                node.path("samples").asInt(128),
                node.path("sequenceLength").asInt(0),
                node.path("evaluationWindows").asInt(0),
                node.path("seed").asLong(0),
                node.path("rounds").asInt(20),
                node.path("terms").asInt(3),
                node.path("activationOrder").asBoolean(true),
                node.path("calibration").asString("sequential").equals("original"));
    }

    /** The method's default recipe with what the job says. */
    ReparameterizationSettings reparameterization() {
        return ReparameterizationSettings.of(Method.valueOf(method.toUpperCase(Locale.ROOT)))
                .withTerms(terms)
                .withRounds(rounds)
                .withActivationOrder(activationOrder)
                .withSeed(seed);
    }

    int sequenceLength(int contextLength) {
        return sequenceLength > 0 ? sequenceLength : Math.min(LONGEST_SEQUENCE, contextLength);
    }
}
