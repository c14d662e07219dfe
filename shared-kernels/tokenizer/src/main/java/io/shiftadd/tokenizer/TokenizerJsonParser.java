package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.ModelJson;
import io.shiftadd.tokenizer.encoding.AddedToken;
import io.shiftadd.tokenizer.encoding.TextEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/** Streams through a tokenizer.json; vocabularies have a million entries, so that no tree is built of them. */
final class TokenizerJsonParser {

    /** Sections are small, but for the tables of a SentencePiece normalizer and some thousand added tokens. */
    private static final int MAX_SECTION_BYTES = 8_000_000;

    private static final Set<String> SECTIONS =
            Set.of("added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder");

    private final byte[] json;
    private final String where;
    private ModelSection model;
    private final Map<String, JsonNode> sections = new HashMap<>();
    private final List<AddedToken> addedTokens = new ArrayList<>();
    private boolean hasModel;

    TokenizerJsonParser(byte[] json, String where) {
        this.json = json;
        this.where = where;
        this.model = new ModelSection(where);
    }

    Map<String, Integer> vocabulary() {
        return model.vocabulary();
    }

    List<AddedToken> addedTokens() {
        return addedTokens;
    }

    @Nullable
    JsonNode section(String name) {
        return sections.get(name);
    }

    void parse() {
        ModelJson.stream(json, where, this::readRoot);
        if (!hasModel) {
            throw invalid("has no model", "a model of one of the types " + ModelSection.TYPES + " is needed");
        }
        JsonNode added = sections.get("added_tokens");
        if (added != null) {
            added.forEach(this::readAddedToken);
        }
    }

    /** What encoding needs, once parsed. */
    TextEncoder.Parts parts(List<AddedToken> added, IntPredicate isToken) {
        return new TextEncoder.Parts(
                added,
                sections.get("normalizer"),
                sections.get("pre_tokenizer"),
                model.build(),
                sections.get("post_processor"),
                isToken);
    }

    private void readRoot(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw invalid("is no JSON object", "a tokenizer.json is one");
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name.equals("model")) {
                model = new ModelSection(where);
                hasModel = true;
                model.read(parser);
            } else if (SECTIONS.contains(name)) {
                sections.remove(name);
                if (token != JsonToken.VALUE_NULL) {
                    sections.put(name, readSection(parser, name));
                }
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
        return ModelJson.parse(Arrays.copyOfRange(json, begin, end), where + ", " + name);
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
                id.intValue(),
                content.stringValue(),
                flag(token, "special"),
                flag(token, "single_word"),
                flag(token, "lstrip"),
                flag(token, "rstrip"),
                flag(token, "normalized")));
    }

    private boolean flag(JsonNode token, String name) {
        JsonNode flag = token.path(name);
        if (!flag.isMissingNode() && !flag.isBoolean()) {
            throw invalid("has the added token " + token, name + " is true or false");
        }
        return flag.asBoolean(false);
    }

    private FormatException invalid(String what, String limit) {
        return new FormatException(what, where, limit, "Use the tokenizer files of the original model.");
    }
}
