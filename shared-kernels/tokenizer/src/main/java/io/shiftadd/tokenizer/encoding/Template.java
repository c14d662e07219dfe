package io.shiftadd.tokenizer.encoding;

import io.shiftadd.format.FormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The {@code post_processor} of a tokenizer.json for a single text: the tokens around it. */
final class Template {

    private static final int[] TEXT = {};

    /** A text, repeated, would not stay in proportion. */
    private static final int MAX_TEXTS = 1;

    private final String where;
    private final IntPredicate isToken;
    private List<int[]> parts = List.of(TEXT);

    private Template(String where, IntPredicate isToken) {
        this.where = where;
        this.isToken = isToken;
    }

    /** @param isToken whether an id is one of the vocabulary or of the added tokens */
    static Template of(@Nullable JsonNode json, String where, IntPredicate isToken) {
        Template template = new Template(where + ", post_processor", isToken);
        if (json != null) {
            new Component(json, template.where).parts("processors").forEach(template::add);
        }
        return template;
    }

    int[] prefix() {
        return join(parts.subList(0, textAt()));
    }

    int[] suffix() {
        return join(parts.subList(Math.min(textAt() + 1, parts.size()), parts.size()));
    }

    private int textAt() {
        int at = 0;
        while (at < parts.size() && parts.get(at) != TEXT) {
            at++;
        }
        return at;
    }

    private static int[] join(List<int[]> parts) {
        return parts.stream().flatMapToInt(Arrays::stream).toArray();
    }

    private void add(Component part) {
        switch (part.type()) {
            // It only moves offsets.
            case "ByteLevel" -> {}
            case "TemplateProcessing" -> wrap(template(part.json()));
            case "BertProcessing", "RobertaProcessing" -> wrap(List.of(pair(part, "cls"), TEXT, pair(part, "sep")));
            default ->
                throw part.unknown("TemplateProcessing, ByteLevel, BertProcessing, RobertaProcessing and Sequence");
        }
    }

    /** The new parts with what was there before in place of the text. */
    private void wrap(List<int[]> around) {
        List<int[]> wrapped = new ArrayList<>();
        around.forEach(part -> wrapped.addAll(part == TEXT ? parts : List.of(part)));
        parts = wrapped;
    }

    private int[] pair(Component part, String key) {
        JsonNode id = part.json().path(key).path(1);
        return new int[] {token(id)};
    }

    private List<int[]> template(JsonNode json) {
        JsonNode tokens = json.path("special_tokens");
        tokens.propertyStream().forEach(token -> ids(token.getValue(), token.getKey()));
        List<int[]> template = new ArrayList<>();
        int texts = 0;
        for (JsonNode piece : json.path("single")) {
            JsonNode sequence = piece.path("Sequence").path("id");
            JsonNode special = piece.path("SpecialToken").path("id");
            if (sequence.isString() && special.isMissingNode()) {
                if (!sequence.stringValue().equals("A") || ++texts > MAX_TEXTS) {
                    throw broken("names the sequence '" + sequence.stringValue() + "' where there is only one, A");
                }
                template.add(TEXT);
            } else if (special.isString() && sequence.isMissingNode()) {
                template.add(ids(tokens.path(special.stringValue()), special.stringValue()));
            } else {
                throw broken("has the piece " + piece);
            }
        }
        return template;
    }

    private int[] ids(JsonNode token, String name) {
        if (!token.path("id").asString("").equals(name)) {
            throw broken("names the special token '" + name + "' that it does not have");
        }
        JsonNode ids = token.path("ids");
        if (!ids.isArray()
                || ids.isEmpty()
                || ids.size() != token.path("tokens").size()) {
            throw broken("has the special token " + token + " with other ids than tokens");
        }
        int[] all = new int[ids.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = token(ids.path(i));
        }
        return all;
    }

    private int token(JsonNode id) {
        if (!id.isInt() || !isToken.test(id.intValue())) {
            throw broken("adds the token id " + id + " that is not in the vocabulary");
        }
        return id.intValue();
    }

    private FormatException broken(String what) {
        return new FormatException(
                what, where, "templates name sequences and special tokens that are there", Component.REMEDY);
    }
}
