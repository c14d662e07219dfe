package io.shiftadd.inference.loading;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How those who made a model would have it sample, by the generation_config.json beside it. It holds where a request
 * says nothing; what is no number or beyond what a request may say is as if it were not there.
 */
public record SamplingDefaults(
        OptionalDouble temperature,
        OptionalDouble topP,
        OptionalDouble topK,
        OptionalDouble minP,
        OptionalDouble repetitionPenalty) {

    private static final String FILE = "generation_config.json";
    private static final double MOST_TEMPERATURE = 2;
    private static final double MOST_PENALTY = 10;
    private static final double LEAST_PENALTY = 0.01;

    /** @param model a directory, or a GGUF file, which has no such file */
    static SamplingDefaults of(Path model) {
        Path file = model.resolve(FILE);
        return parse(Files.isRegularFile(file) ? text(file) : "{}");
    }

    static SamplingDefaults parse(String text) {
        JsonNode config = tree(text);
        return new SamplingDefaults(
                within(config, "temperature", 0, MOST_TEMPERATURE),
                within(config, "top_p", 0, 1),
                within(config, "top_k", 0, Integer.MAX_VALUE),
                within(config, "min_p", 0, 1),
                within(config, "repetition_penalty", LEAST_PENALTY, MOST_PENALTY));
    }

    private static JsonNode tree(String text) {
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException unreadable) {
            // the tokenizer, which needs it, has said so
            return JsonMapper.shared().createObjectNode();
        }
    }

    private static OptionalDouble within(JsonNode config, String field, double least, double most) {
        JsonNode value = config.path(field);
        return value.isNumber() && value.doubleValue() >= least && value.doubleValue() <= most
                ? OptionalDouble.of(value.doubleValue())
                : OptionalDouble.empty();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
