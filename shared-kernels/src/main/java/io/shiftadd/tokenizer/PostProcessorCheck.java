package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Checks the templates of a post-processor, because the native library looks up what they name unchecked, and ends the
 * process when it is not there.
 */
final class PostProcessorCheck {

    private final String where;
    private final IntPredicate isToken;

    private PostProcessorCheck(String where, IntPredicate isToken) {
        this.where = where;
        this.isToken = isToken;
    }

    /** @param isToken whether an id is one of the vocabulary or of the added tokens */
    static void check(@Nullable JsonNode postProcessor, String where, IntPredicate isToken) {
        if (postProcessor != null) {
            new PostProcessorCheck(where + ", post_processor", isToken).visit(postProcessor);
        }
    }

    private void visit(JsonNode node) {
        JsonNode tokens = node.path("special_tokens");
        for (String template : new String[] {"single", "pair"}) {
            for (JsonNode piece : node.path(template)) {
                checkPiece(piece, template.equals("single"), tokens);
            }
        }
        for (JsonNode token : tokens) {
            if (token.path("ids").size() != token.path("tokens").size()) {
                throw broken("has the special token " + token + " with other ids than tokens");
            }
            for (JsonNode id : token.path("ids")) {
                if (!id.isInt() || !isToken.test(id.intValue())) {
                    throw broken("adds the token id " + id + " that is not in the vocabulary");
                }
            }
        }
        node.path("processors").forEach(this::visit);
    }

    private void checkPiece(JsonNode piece, boolean isSingle, JsonNode tokens) {
        for (JsonNode named : piece) {
            // The library would also take fields by their place, without names to check.
            if (!named.isObject()) {
                throw broken("has the piece " + piece + " without named fields");
            }
        }
        JsonNode sequence = piece.path("Sequence").path("id");
        if (isSingle && sequence.isString() && !sequence.stringValue().equals("A")) {
            throw broken("names the sequence '" + sequence.stringValue() + "' where there is only A");
        }
        JsonNode special = piece.path("SpecialToken").path("id");
        if (special.isString()) {
            String name = special.stringValue();
            if (!tokens.path(name).path("id").asString("").equals(name)) {
                throw broken("names the special token '" + name + "' that it does not have");
            }
        }
    }

    private FormatException broken(String what) {
        return new FormatException(
                what,
                where,
                "templates name sequences and special tokens that are there",
                "Use the tokenizer files of the original model.");
    }
}
