package io.shiftadd.inference.openai;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What to continue or to embed. */
sealed interface Prompt {

    /** A text; the tokenizer's special tokens are added. */
    record OfText(String text) implements Prompt {}

    /** Token ids, taken as they are. */
    record OfIds(int[] ids) implements Prompt {}

    String EXPECTED =
            "a text, an array of texts, an array of token ids, or an array of such arrays, none of them empty";

    /** Prompts of one request; more belong into several. */
    int MAX_PROMPTS = 256;

    /** Reads a field that is one prompt or several. */
    static List<Prompt> read(Fields fields, String name) {
        JsonNode value = fields.get(name);
        if (value == null || value.isArray() && value.isEmpty()) {
            throw fields.wrong(name, EXPECTED);
        }
        if (!value.isArray() || value.get(0).isNumber()) {
            return List.of(one(value, fields, name, fields.at(name)));
        }
        if (value.size() > MAX_PROMPTS) {
            throw ApiException.invalid(
                    fields.at(name),
                    "'" + fields.at(name) + "' has " + value.size() + " entries; it may have " + MAX_PROMPTS);
        }
        List<Prompt> prompts = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            prompts.add(one(value.get(i), fields, name, fields.at(name) + "[" + i + "]"));
        }
        return prompts;
    }

    private static Prompt one(@Nullable JsonNode value, Fields fields, String name, String where) {
        if (value != null && value.isString() && !value.stringValue().isEmpty()) {
            return new OfText(value.stringValue());
        }
        if (value != null && value.isArray() && !value.isEmpty()) {
            return new OfIds(Fields.ids(value, where));
        }
        throw fields.wrong(name, EXPECTED);
    }
}
