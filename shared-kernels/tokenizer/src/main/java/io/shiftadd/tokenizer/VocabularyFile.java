package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.ModelJson;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** A {@code vocab.json}: an object from tokens to ids. */
final class VocabularyFile {

    private VocabularyFile() {}

    static Map<String, Integer> parse(byte[] bytes, String where) {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        ModelJson.stream(bytes, where, parser -> read(parser, where, vocabulary));
        return vocabulary;
    }

    private static void read(JsonParser parser, String where, Map<String, Integer> vocabulary) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw invalid("is no JSON object", where, "it maps tokens to ids");
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String token = parser.currentName();
            vocabulary.put(token, ModelSection.readId(parser, parser.nextToken(), token, where));
            if (vocabulary.size() > ModelSection.MAX_TOKENS) {
                throw invalid("has too many tokens", where, "the limit is " + ModelSection.MAX_TOKENS);
            }
        }
    }

    private static FormatException invalid(String what, String where, String limit) {
        return new FormatException(what, where, limit, "Use the tokenizer files of the original model.");
    }
}
