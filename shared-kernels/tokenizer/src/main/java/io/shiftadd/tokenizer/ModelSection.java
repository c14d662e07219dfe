package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import io.shiftadd.tokenizer.encoding.BytePairModel;
import io.shiftadd.tokenizer.encoding.PieceModel;
import io.shiftadd.tokenizer.encoding.UnigramModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The {@code model} of a tokenizer.json, read as it streams by. */
final class ModelSection {

    static final Set<String> TYPES = Set.of("BPE", "Unigram");

    /** The largest vocabularies in use have a quarter of a million tokens. */
    static final int MAX_TOKENS = 2_000_000;

    private static final int MAX_MERGES = 4_000_000;

    private final String where;
    private final Map<String, Integer> vocabulary = new HashMap<>();
    private final List<Double> scores = new ArrayList<>();

    /** Left and right of each merge in turn. */
    private final List<String> merges = new ArrayList<>();

    private final Map<String, Boolean> flags = new HashMap<>();
    private String type = "BPE";
    private @Nullable String unknown;
    private int unknownId = -1;

    ModelSection(String where) {
        this.where = where;
    }

    Map<String, Integer> vocabulary() {
        return vocabulary;
    }

    PieceModel build() {
        boolean byteFallback = flags.getOrDefault("byte_fallback", false);
        if (type.equals("Unigram")) {
            return new UnigramModel(inOrder(), numbers(), unknownId, byteFallback, where);
        }
        if (!scores.isEmpty()) {
            throw invalid("has tokens with scores", "the vocab of a BPE model is an object of tokens and ids");
        }
        BytePairModel.Settings settings = new BytePairModel.Settings(
                unknown,
                flags.getOrDefault("fuse_unk", false),
                byteFallback,
                flags.getOrDefault("ignore_merges", false));
        return new BytePairModel(vocabulary, merges, settings, where);
    }

    private List<String> inOrder() {
        if (scores.size() != vocabulary.size()) {
            throw invalid(
                    "has tokens without scores, or twice",
                    "the vocab of a Unigram model is a list of tokens with scores");
        }
        String[] tokens = new String[scores.size()];
        vocabulary.forEach((token, id) -> tokens[id] = token);
        return List.of(tokens);
    }

    private double[] numbers() {
        return scores.stream().mapToDouble(Double::doubleValue).toArray();
    }

    void read(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw invalid("has a model that is no object", "it must be one");
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            readSetting(parser, parser.currentName(), parser.nextToken());
        }
        if (!TYPES.contains(type)) {
            throw invalid("has a model of type '" + type + "'", "supported are " + TYPES);
        }
    }

    private void readSetting(JsonParser parser, String name, JsonToken token) {
        boolean isNull = token == JsonToken.VALUE_NULL;
        switch (name) {
            case "type" -> type = require(token == JsonToken.VALUE_STRING, name, "a text", parser::getString);
            case "vocab" -> readVocabulary(parser);
            case "merges" -> readMerges(parser);
            case "unk_token" ->
                unknown = isNull ? null : require(token == JsonToken.VALUE_STRING, name, "a text", parser::getString);
            case "unk_id" -> unknownId = isNull ? -1 : readId(parser, token, name, where);
            case "fuse_unk", "byte_fallback", "ignore_merges" ->
                flags.put(name, require(isNull || token.isBoolean(), name, "true or false", parser::getValueAsBoolean));
            case "continuing_subword_prefix", "end_of_word_suffix" ->
                require(
                        isNull
                                || token == JsonToken.VALUE_STRING
                                        && parser.getString().isEmpty(),
                        name,
                        "null or empty",
                        () -> name);
            case "dropout" ->
                require(
                        isNull || parser.getValueAsDouble(1) == 0,
                        name,
                        "null or 0, as it makes ids random",
                        () -> name);
            default -> parser.skipChildren();
        }
    }

    private <T> T require(boolean isRight, String name, String expected, Supplier<T> value) {
        if (!isRight) {
            throw invalid("has a model with a wrong " + name, "it must be " + expected);
        }
        return value.get();
    }

    private void readVocabulary(JsonParser parser) {
        vocabulary.clear();
        scores.clear();
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String token = parser.currentName();
                put(token, readId(parser, parser.nextToken(), token, where));
            }
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
            for (int id = 0; parser.nextToken() != JsonToken.END_ARRAY; id++) {
                readScoredPiece(parser, id);
            }
        } else {
            throw invalid("has a vocab that is no object or list", "it must be one");
        }
    }

    private void put(String token, int id) {
        if (vocabulary.size() == MAX_TOKENS) {
            throw invalid("has more than " + MAX_TOKENS + " tokens", "that is the limit");
        }
        vocabulary.put(token, id);
    }

    /** The id that the parser stands at. */
    static int readId(JsonParser parser, JsonToken token, String name, String where) {
        if (token != JsonToken.VALUE_NUMBER_INT
                || parser.getNumberType() != JsonParser.NumberType.INT
                || parser.getIntValue() < 0) {
            throw new FormatException(
                    "gives '" + name + "' a wrong id",
                    where,
                    "ids are integers from 0 to 2147483647",
                    "Use the tokenizer files of the original model.");
        }
        return parser.getIntValue();
    }

    private void readScoredPiece(JsonParser parser, int id) {
        String rule = "each entry is a list of a string and a number";
        if (parser.currentToken() != JsonToken.START_ARRAY || parser.nextToken() != JsonToken.VALUE_STRING) {
            throw invalid("has a wrong entry " + id + " in its vocab", rule);
        }
        String piece = parser.getString();
        if (!parser.nextToken().isNumeric() || !Double.isFinite(parser.getDoubleValue())) {
            throw invalid("has a wrong entry " + id + " in its vocab", rule);
        }
        scores.add(parser.getDoubleValue());
        if (parser.nextToken() != JsonToken.END_ARRAY) {
            throw invalid("has a wrong entry " + id + " in its vocab", rule);
        }
        put(piece, id);
    }

    private void readMerges(JsonParser parser) {
        merges.clear();
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw invalid("has merges that are no list", "they must be one");
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (merges.size() == 2 * MAX_MERGES) {
                throw invalid("has more than " + MAX_MERGES + " merges", "that is the limit");
            }
            if (parser.currentToken() == JsonToken.VALUE_STRING) {
                addMerge(parser.getString().split(" ", -1));
            } else if (parser.currentToken() == JsonToken.START_ARRAY) {
                addMerge(readTexts(parser));
            } else {
                throw wrongMerge();
            }
        }
    }

    private String[] readTexts(JsonParser parser) {
        List<String> texts = new ArrayList<>(2);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.VALUE_STRING || texts.size() == 2) {
                throw wrongMerge();
            }
            texts.add(parser.getString());
        }
        return texts.toArray(String[]::new);
    }

    private void addMerge(String[] parts) {
        if (parts.length != 2) {
            throw wrongMerge();
        }
        merges.add(parts[0]);
        merges.add(parts[1]);
    }

    private FormatException wrongMerge() {
        return invalid("has a wrong merge " + merges.size() / 2, "a merge is of two tokens");
    }

    private FormatException invalid(String what, String limit) {
        return new FormatException(what, where, limit, "Use the tokenizer files of the original model.");
    }
}
