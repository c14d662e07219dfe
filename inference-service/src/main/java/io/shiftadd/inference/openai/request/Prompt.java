package io.shiftadd.inference.openai.request;

import io.shiftadd.inference.openai.error.ApiException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What to continue or to embed. An empty one asks for what follows the beginning of a text. */
public sealed interface Prompt {

    /** Its place in the request, e.g. {@code prompt[1]}. */
    String where();

    /** A text; the tokenizer's special tokens are added. */
    record OfText(String text, String where) implements Prompt {}

    /** Token ids, taken as they are. */
    record OfIds(int[] ids, String where) implements Prompt {}

    String EXPECTED = "a text, an array of texts, an array of token ids, or an array of such arrays";

    /**
     * Reads a field that is one prompt or several.
     *
     * @param most of one request; more belong into several
     */
    static List<Prompt> read(Fields fields, String name, int most) {
        JsonNode value = fields.get(name);
        if (value == null) {
            throw fields.wrong(name, EXPECTED);
        }
        if (!value.isArray() || value.isEmpty() || value.get(0).isNumber()) {
            return List.of(one(value, fields.at(name)));
        }
        if (value.size() > most) {
            throw ApiException.invalid(
                    fields.at(name), "'" + fields.at(name) + "' has " + value.size() + " entries; it may have " + most);
        }
        List<Prompt> prompts = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            prompts.add(one(value.get(i), fields.at(name) + "[" + i + "]"));
        }
        return prompts;
    }

    private static Prompt one(JsonNode value, String where) {
        if (value.isString()) {
            return new OfText(value.stringValue(), where);
        }
        if (value.isArray()) {
            return new OfIds(Fields.ids(value, where), where);
        }
        throw ApiException.invalid(where, "'" + where + "' is " + Fields.shortened(value) + "; it must be " + EXPECTED);
    }
}
