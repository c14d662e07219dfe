package io.shiftadd.inference.openai.request;

import io.shiftadd.http.Shown;
import io.shiftadd.inference.generation.sampling.SamplingSettings;
import io.shiftadd.inference.loading.LoadedModel;
import io.shiftadd.inference.loading.SamplingDefaults;
import io.shiftadd.inference.openai.error.ApiException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The fields of sampling that completions and chat share.
 *
 * @param settings with the API's defaults for what was not asked for
 * @param asked the fields of sampling that the request has
 * @param choices n
 * @param seed empty = a new one for each request
 * @param stopIds tokens that end a choice beside those that end every text of the model
 */
public record SamplingFields(
        SamplingSettings settings,
        Set<String> asked,
        int choices,
        OptionalLong seed,
        List<String> stops,
        List<Integer> stopIds) {

    static final int MAX_CHOICES = 128;

    /** What a model may have defaults of its own for. */
    private static final Set<String> OF_MODEL = Set.of("temperature", "top_p", "top_k", "min_p", "repetition_penalty");

    private static final int MAX_STOPS = 64;
    private static final int MAX_STOP_IDS = 1_024;
    private static final int MAX_STOP_LENGTH = 1_000;
    private static final int MAX_BIASES = 1_024;
    private static final double MAX_BIAS = 100;
    private static final double LEAST_REPETITION_PENALTY = 0.01;
    private static final double MOST_REPETITION_PENALTY = 10;

    public static SamplingFields read(Fields fields) {
        SamplingSettings settings = new SamplingSettings(
                fields.number("temperature", 0, 2).orElse(1),
                fields.number("top_p", 0, 1).orElse(1),
                Math.max(0, fields.count("top_k", -1, Integer.MAX_VALUE).orElse(0)),
                fields.number("min_p", 0, 1).orElse(0),
                fields.number("repetition_penalty", LEAST_REPETITION_PENALTY, MOST_REPETITION_PENALTY)
                        .orElse(1),
                fields.number("presence_penalty", -2, 2).orElse(0),
                fields.number("frequency_penalty", -2, 2).orElse(0),
                bias(fields));
        return new SamplingFields(
                settings,
                asked(fields),
                fields.count("n", 1, MAX_CHOICES).orElse(1),
                fields.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE),
                stops(fields, "stop"),
                stopIds(fields));
    }

    /** The fields that a request has of those that a model may have defaults of its own for. */
    public static Set<String> asked(Fields fields) {
        return OF_MODEL.stream().filter(field -> fields.get(field) != null).collect(Collectors.toSet());
    }

    private static List<Integer> stopIds(Fields fields) {
        JsonNode value = fields.get("stop_token_ids");
        if (value == null) {
            return List.of();
        }
        if (!value.isArray() || value.size() > MAX_STOP_IDS) {
            throw fields.wrong("stop_token_ids", "an array of at most " + MAX_STOP_IDS + " token ids");
        }
        return Arrays.stream(Fields.ids(value, "stop_token_ids")).boxed().toList();
    }

    /** @throws ApiException when an id that is biased or to stop at is not in the vocabulary */
    public void requireKnown(LoadedModel model) {
        settings.bias().keySet().forEach(id -> PromptTokens.requireKnown(id, model, "logit_bias"));
        stopIds.forEach(id -> PromptTokens.requireKnown(id, model, "stop_token_ids"));
    }

    /** What was asked for; where that is nothing, as the model's makers would have it. */
    public SamplingSettings settingsFor(LoadedModel model) {
        SamplingDefaults defaults = model.samplingDefaults();
        return new SamplingSettings(
                either("temperature", settings.temperature(), defaults.temperature()),
                either("top_p", settings.topP(), defaults.topP()),
                (int) either("top_k", settings.topK(), defaults.topK()),
                either("min_p", settings.minP(), defaults.minP()),
                either("repetition_penalty", settings.repetitionPenalty(), defaults.repetitionPenalty()),
                settings.presencePenalty(),
                settings.frequencyPenalty(),
                settings.bias());
    }

    private double either(String field, double value, OptionalDouble ofModel) {
        return asked.contains(field) ? value : ofModel.orElse(value);
    }

    /** All tokens that end a choice. */
    public List<Integer> endIds(LoadedModel model) {
        return Stream.concat(model.endIds().stream(), stopIds.stream())
                .distinct()
                .toList();
    }

    private static Map<Integer, Float> bias(Fields fields) {
        JsonNode value = fields.get("logit_bias");
        if (value == null || value.isContainer() && value.isEmpty()) {
            return Map.of();
        }
        String expected = "an object of at most " + MAX_BIASES + " token ids with numbers from -100 to 100";
        if (!value.isObject() || value.size() > MAX_BIASES) {
            throw fields.wrong("logit_bias", expected);
        }
        Map<Integer, Float> bias = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            String id = Shown.of(entry.getKey());
            if (!entry.getKey().matches("[0-9]{1,9}")) {
                throw ApiException.invalid(
                        "logit_bias", "'logit_bias' has the key '" + id + "'; it must be " + expected);
            }
            double number = entry.getValue().isNumber() ? entry.getValue().doubleValue() : Double.NaN;
            if (entry.getValue().isNull()) {
                continue;
            }
            if (!(Math.abs(number) <= MAX_BIAS)) {
                throw ApiException.invalid(
                        "logit_bias",
                        "'logit_bias." + id + "' is " + Fields.shortened(entry.getValue())
                                + "; it must be a number from -100 to 100");
            }
            bias.put(Integer.valueOf(entry.getKey()), (float) number);
        }
        return bias;
    }

    /** A field with texts that end a choice. */
    public static List<String> stops(Fields fields, String name) {
        String expected = "a text or an array of at most " + MAX_STOPS + " texts, each of 1 to " + MAX_STOP_LENGTH
                + " characters";
        JsonNode value = fields.get(name);
        boolean single = value != null && value.isString();
        List<JsonNode> texts = value != null && single ? List.of(value) : fields.elements(name, expected);
        if (texts.size() > MAX_STOPS) {
            throw ApiException.invalid(name, "'" + name + "' has " + texts.size() + " entries; it must be " + expected);
        }
        List<String> stops = new ArrayList<>();
        for (JsonNode text : texts) {
            if (!text.isString() || !isStop(text.stringValue())) {
                String where = single ? name : name + "[" + stops.size() + "]";
                throw ApiException.invalid(
                        name,
                        "'" + where + "' is " + Fields.shortened(text) + "; it must be a text of 1 to "
                                + MAX_STOP_LENGTH + " characters");
            }
            stops.add(text.stringValue());
        }
        return stops;
    }

    private static boolean isStop(String text) {
        return !text.isEmpty() && text.length() <= MAX_STOP_LENGTH;
    }

    /** Whether a stream is wanted, and whether with its usage at the end; without one its options ask for nothing. */
    public record StreamFields(boolean stream, boolean includeUsage) {

        public static StreamFields read(Fields fields) {
            boolean stream = fields.flag("stream");
            Fields options = fields.nested("stream_options", KnownFields.of(StreamOptionsBody.class));
            return new StreamFields(stream, options != null && options.flag("include_usage"));
        }
    }
}
