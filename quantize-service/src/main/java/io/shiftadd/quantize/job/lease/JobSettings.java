package io.shiftadd.quantize.job.lease;

import io.shiftadd.quantize.reparameterization.Incoherence;
import io.shiftadd.quantize.reparameterization.Method;
import io.shiftadd.quantize.reparameterization.ReparameterizationSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a job asks for, as the registry validated it.
 *
 * @param method acc, lat or one of the baselines
 * @param size absent in an evaluation
 * @param rotation auto, always or never; absent for the method's own recipe
 * @param headBits absent when the head stays as it is
 * @param samples calibration sequences
 * @param sequenceLength tokens of one of them; 0 takes the smaller of 2048 and the model's context
 * @param originalCalibration whether a block's inputs come from the unmodified model, so that none waits for another
 * @param evaluationWindows windows of which the perplexity is taken; 0 takes as many as the text has
 * @param rounds, terms, activationOrder absent where the method has none
 * @param tasks of an evaluation, by their names
 * @param taskLimit examples of each; absent for all
 */
public record JobSettings(
        String method,
        @Nullable Size size,
        @Nullable String rotation,
        @Nullable Integer headBits,
        int samples,
        int sequenceLength,
        int evaluationWindows,
        long seed,
        @Nullable Integer rounds,
        @Nullable Integer terms,
        @Nullable Boolean activationOrder,
        List<String> tasks,
        @Nullable Integer taskLimit,
        boolean originalCalibration) {

    static final int LONGEST_SEQUENCE = 2048;

    public JobSettings {
        tasks = List.copyOf(tasks);
    }

    public static JobSettings parse(JsonMapper json, String text) {
        JsonNode node = json.readTree(text);
        List<String> tasks = new ArrayList<>();
        node.path("tasks").forEach(task -> tasks.add(task.asString()));
        return new JobSettings(
                node.path("method").asString("acc"),
                size(node),
                node.hasNonNull("rotation") ? node.get("rotation").asString() : null,
                integer(node, "headBits"),
                node.path("samples").asInt(128),
                node.path("sequenceLength").asInt(0),
                node.path("evaluationWindows").asInt(0),
                node.path("seed").asLong(0),
                integer(node, "rounds"),
                integer(node, "terms"),
                node.hasNonNull("activationOrder") ? node.get("activationOrder").asBoolean() : null,
                tasks,
                integer(node, "taskLimit"),
                node.path("calibration").asString("sequential").equals("original"));
    }

    private static @Nullable Size size(JsonNode node) {
        if (node.hasNonNull("bits")) {
            return new Size.Bits(node.get("bits").asInt());
        }
        if (node.hasNonNull("meanBits")) {
            return new Size.MeanBits(node.get("meanBits").asDouble());
        }
        if (node.hasNonNull("budgetBytes")) {
            return new Size.Bytes(node.get("budgetBytes").asLong());
        }
        return node.hasNonNull("maxPerplexityIncrease")
                ? new Size.PerplexityIncrease(node.get("maxPerplexityIncrease").asDouble())
                : null;
    }

    private static @Nullable Integer integer(JsonNode node, String name) {
        return node.hasNonNull(name) ? node.get(name).asInt() : null;
    }

    /** The method's default recipe with what the job says. */
    public ReparameterizationSettings reparameterization() {
        String name = method.toUpperCase(Locale.ROOT).replace('-', '_');
        ReparameterizationSettings recipe =
                ReparameterizationSettings.of(Method.valueOf(name)).withSeed(seed);
        if (terms != null) {
            recipe = recipe.withTerms(terms);
        }
        if (rounds != null) {
            recipe = recipe.withRounds(rounds);
        }
        if (activationOrder != null) {
            recipe = recipe.withActivationOrder(activationOrder);
        }
        return rotation == null ? recipe : recipe.withIncoherence(incoherence(rotation));
    }

    private static Incoherence incoherence(String rotation) {
        return switch (rotation) {
            case "auto" -> Incoherence.AUTOMATIC;
            case "always" -> Incoherence.ROTATED;
            case "never" -> Incoherence.NONE;
            default -> throw new IllegalArgumentException("rotation '" + rotation + "' is none of auto, always, never");
        };
    }

    /** Whether bits differ from layer to layer, so that each layer is measured first. */
    public boolean allocates() {
        return size != null && !(size instanceof Size.Bits);
    }

    public int sequenceLength(int contextLength) {
        return sequenceLength > 0 ? sequenceLength : Math.min(LONGEST_SEQUENCE, contextLength);
    }
}
