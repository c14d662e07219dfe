package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.StrictJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/** Streams through a tokenizer.json; vocabularies have a million entries, so that no tree is built of them. */
final class TokenizerJsonParser {

    /** The largest vocabularies in use have a quarter of a million tokens. */
    static final int MAX_TOKENS = 2_000_000;

    /** Sections are small, but for the tables of a SentencePiece normalizer and some thousand added tokens. */
    private static final int MAX_SECTION_BYTES = 8_000_000;

    private static final Set<String> MODELS = Set.of("BPE", "Unigram");
    private static final Set<String> SECTIONS =
            Set.of("added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder");

    private final byte[] json;
    private final String where;
    private final Map<String, Integer> vocabulary = new HashMap<>();
    private final Map<String, JsonNode> sections = new HashMap<>();
    private final List<AddedToken> addedTokens = new ArrayList<>();
    private boolean hasModel;

    TokenizerJsonParser(byte[] json, String where) {
        this.json = json;
        this.where = where;
    }

    Map<String, Integer> vocabulary() {
        return vocabulary;
    }

    List<AddedToken> addedTokens() {
        return addedTokens;
    }

    @Nullable
    JsonNode section(String name) {
        return sections.get(name);
    }

    void parse() {
        StrictJson.stream(json, where, this::readRoot);
        if (!hasModel) {
            throw invalid("has no model", "a model of one of the types " + MODELS + " is needed");
        }
        JsonNode added = sections.get("added_tokens");
        if (added != null) {
            added.forEach(this::readAddedToken);
        }
        NormalizerCheck.check(sections.get("normalizer"), where);
        PostProcessorCheck.check(sections.get("post_processor"), where, this::isToken);
    }

    private boolean isToken(int id) {
        return vocabulary.containsValue(id) || addedTokens.stream().anyMatch(token -> token.id() == id);
    }

    private void readRoot(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw invalid("is no JSON object", "a tokenizer.json is one");
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name.equals("model")) {
                readModel(parser);
            } else if (SECTIONS.contains(name) && token != JsonToken.VALUE_NULL) {
                sections.put(name, readSection(parser, name));
            } else {
                parser.skipChildren();
            }
        }
    }

    private JsonNode readSection(JsonParser parser, String name) {
        if (!parser.currentToken().isStructStart()) {
            throw invalid("has the section '" + name + "' which is no object or list", "it must be one");
        }
        int begin = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        int end = (int) parser.currentLocation().getByteOffset();
        if (end - begin > MAX_SECTION_BYTES) {
            throw invalid(
                    "has the section '" + name + "' of " + (end - begin) + " bytes",
                    "the limit is " + MAX_SECTION_BYTES);
        }
        return StrictJson.parse(Arrays.copyOfRange(json, begin, end), where + ", " + name);
    }

    private void readModel(JsonParser parser) {
        hasModel = true;
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw invalid("has a model that is no object", "it must be one");
        }
        String type = "BPE";
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (name) {
                case "type" -> type = token == JsonToken.VALUE_STRING ? parser.getString() : "";
                case "vocab" -> readVocabulary(parser);
                // The native library cuts tokens by these without looking at their length.
                case "continuing_subword_prefix", "end_of_word_suffix" -> {
                    if (token != JsonToken.VALUE_NULL
                            && (token != JsonToken.VALUE_STRING
                                    || !parser.getString().isEmpty())) {
                        throw invalid("has a " + name, "it must be null or empty");
                    }
                }
                case "dropout" -> {
                    if (token != JsonToken.VALUE_NULL && parser.getValueAsDouble(1) != 0) {
                        throw invalid("has dropout, which makes ids random", "it must be null or 0");
                    }
                }
                default -> parser.skipChildren();
            }
        }
        if (!MODELS.contains(type)) {
            throw invalid("has a model of type '" + type + "'", "supported are " + MODELS);
        }
    }

    private void readVocabulary(JsonParser parser) {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String token = parser.currentName();
                put(token, readId(parser, token, where));
            }
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
            for (int id = 0; parser.nextToken() != JsonToken.END_ARRAY; id++) {
                put(readScoredPiece(parser, id), id);
            }
        } else {
            throw invalid("has a vocab that is no object or list", "it must be one");
        }
    }

    private void put(String token, int id) {
        if (vocabulary.size() == MAX_TOKENS) {
            throw invalid("has more than " + MAX_TOKENS + " tokens", "that is the limit");
        }
        if (vocabulary.put(token, id) != null) {
            throw invalid("has the token '" + token + "' twice", "each token has one id");
        }
    }

    /** The id that follows a token's name. */
    static int readId(JsonParser parser, String token, String where) {
        if (parser.nextToken() != JsonToken.VALUE_NUMBER_INT
                || parser.getNumberType() != JsonParser.NumberType.INT
                || parser.getIntValue() < 0) {
            throw new FormatException(
                    "gives '" + token + "' a wrong id",
                    where,
                    "ids are integers from 0 to 2147483647",
                    "Use the tokenizer files of the original model.");
        }
        return parser.getIntValue();
    }

    private String readScoredPiece(JsonParser parser, int index) {
        String rule = "each entry is a list of a string and a number";
        if (parser.currentToken() != JsonToken.START_ARRAY || parser.nextToken() != JsonToken.VALUE_STRING) {
            throw invalid("has a wrong entry " + index + " in its vocab", rule);
        }
        String piece = parser.getString();
        if (!parser.nextToken().isNumeric()
                || !Double.isFinite(parser.getDoubleValue())
                || parser.nextToken() != JsonToken.END_ARRAY) {
            throw invalid("has a wrong entry " + index + " in its vocab", rule);
        }
        return piece;
    }

    private void readAddedToken(JsonNode token) {
        JsonNode id = token.path("id");
        JsonNode content = token.path("content");
        if (!id.isInt()
                || id.intValue() < 0
                || !content.isString()
                || content.stringValue().isEmpty()) {
            throw invalid("has the added token " + token, "it needs an id from 0 to 2147483647 and its content");
        }
        addedTokens.add(new AddedToken(
                id.intValue(), content.stringValue(), token.path("special").asBoolean(false)));
    }

    private FormatException invalid(String what, String limit) {
        return new FormatException(what, where, limit, "Use the tokenizer files of the original model.");
    }
}
