package io.shiftadd.tokenizer.encoding;

import io.shiftadd.format.FormatException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** One part of a tokenizer.json, with a {@code type} and settings, read strictly. */
record Component(JsonNode json, String where) {

    /** More than any tokenizer has; each takes time with each text. */
    private static final int MAX_PARTS = 100;

    /** For what is written into texts. */
    private static final int MAX_TEXT = 1_000;

    String type() {
        return json.path("type").asString("");
    }

    String text(String key) {
        JsonNode value = json.path(key);
        if (!value.isString() || value.stringValue().length() > MAX_TEXT) {
            throw wrong(key, "a text of up to " + MAX_TEXT + " characters");
        }
        return value.stringValue();
    }

    String text(String key, String absent) {
        return json.hasNonNull(key) ? text(key) : absent;
    }

    /** A single character. */
    int character(String key) {
        String text = text(key);
        if (text.isEmpty() || text.codePointCount(0, text.length()) != 1) {
            throw wrong(key, "one character");
        }
        return text.codePointAt(0);
    }

    boolean flag(String key, boolean absent) {
        JsonNode value = json.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.isBoolean()) {
            throw wrong(key, "true or false");
        }
        return value.booleanValue();
    }

    /** The parts of a sequence, those of sequences in it included. */
    List<Component> parts(String key) {
        List<Component> parts = new ArrayList<>();
        collect(key, parts);
        return parts;
    }

    private void collect(String key, List<Component> parts) {
        if (!type().equals("Sequence")) {
            parts.add(this);
            if (parts.size() > MAX_PARTS) {
                throw new FormatException("has more than " + MAX_PARTS + " parts", where, "that is the limit", REMEDY);
            }
            return;
        }
        if (!json.path(key).isArray()) {
            throw wrong(key, "a list");
        }
        for (JsonNode part : json.path(key)) {
            new Component(part, where).collect(key, parts);
        }
    }

    static final String REMEDY = "Use the tokenizer files of the original model.";

    FormatException wrong(String key, String expected) {
        JsonNode value = json.path(key);
        return new FormatException(
                "has " + type() + " with " + key + " " + (value.isMissingNode() ? "missing" : shortened(value)),
                where,
                "it must be " + expected,
                REMEDY);
    }

    FormatException unknown(String supported) {
        String type = type();
        return new FormatException(
                type.isEmpty() ? "has a part without type" : "has the type " + shortened(json.path("type")),
                where,
                "supported are " + supported,
                REMEDY);
    }

    private static String shortened(JsonNode value) {
        String text = value.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
