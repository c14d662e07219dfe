package io.shiftadd.quantize.evaluation;

import io.shiftadd.quantize.evaluation.Example.Choice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tasks in files of one JSON object a line. */
final class JsonTasks {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String SPACE = " ";

    private JsonTasks() {}

    /** {@code query}, {@code choices}, {@code gold}. @param cue follows the query, before the choice */
    static List<Example> choices(Path file, String cue) throws IOException {
        return read(file, row -> {
            String context = row.text("query") + cue;
            List<Choice> choices = new ArrayList<>();
            for (String choice : row.texts("choices")) {
                choices.add(choice(context, choice));
            }
            return new Example("", choices, row.gold(choices.size()));
        });
    }

    /** {@code context_options}, {@code continuation}, {@code gold}: which context goes before the continuation. */
    static List<Example> contexts(Path file) throws IOException {
        return read(file, row -> {
            List<Choice> choices = new ArrayList<>();
            for (String context : row.texts("context_options")) {
                choices.add(choice(context, row.text("continuation")));
            }
            return new Example("", choices, row.gold(choices.size()));
        });
    }

    /** {@code context}, {@code continuation}. */
    static List<Example> lastWords(Path file) throws IOException {
        return read(file, row -> new Example("", List.of(choice(row.text("context"), row.text("continuation"))), 0));
    }

    static Choice choice(String context, String choice) {
        return new Choice(context, SPACE + choice, choice.getBytes(StandardCharsets.UTF_8).length);
    }

    private static List<Example> read(Path file, Function<Row, Example> reader) throws IOException {
        List<Example> examples = new ArrayList<>();
        long line = 0;
        for (String text : TaskFile.read(file).split("\n", -1)) {
            line++;
            if (!text.isBlank()) {
                examples.add(reader.apply(new Row(file, line, object(file, line, text))));
            }
        }
        if (examples.isEmpty()) {
            throw new TaskFormatException(file, 0, "has no examples", "at least one is needed");
        }
        return examples;
    }

    private static JsonNode object(Path file, long line, String text) {
        try {
            JsonNode node = JSON.readTree(text);
            if (node.isObject()) {
                return node;
            }
        } catch (JacksonException malformed) {
            throw new TaskFormatException(
                    file, line, "is not JSON: " + malformed.getOriginalMessage(), "each line is one JSON object");
        }
        throw new TaskFormatException(file, line, "is no JSON object", "each line is one JSON object");
    }

    private record Row(Path file, long line, JsonNode node) {

        String text(String field) {
            return text(field, node.path(field));
        }

        private String text(String field, JsonNode value) {
            if (!value.isString() || value.stringValue().isBlank()) {
                throw wrong("has no text '" + field + "'", "'" + field + "' is a text that is not blank");
            }
            return value.stringValue();
        }

        List<String> texts(String field) {
            List<String> texts = new ArrayList<>();
            for (JsonNode value : node.path(field)) {
                texts.add(text(field, value));
            }
            if (texts.size() < 2) {
                throw wrong(
                        "has " + texts.size() + " of '" + field + "'",
                        "'" + field + "' is an array of two texts or more");
            }
            return texts;
        }

        int gold(int choices) {
            JsonNode value = node.path("gold");
            if (!value.isIntegralNumber() || value.asInt(-1) < 0 || value.asInt(-1) >= choices) {
                throw wrong(
                        "has gold " + (value.isMissingNode() ? "missing" : value),
                        "'gold' is a number from 0 to " + (choices - 1));
            }
            return value.asInt();
        }

        private TaskFormatException wrong(String what, String limit) {
            return new TaskFormatException(file, line, what, limit);
        }
    }
}
