package io.shiftadd.inference.openai.request;

import io.shiftadd.inference.loading.LoadedModel;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.model.IdWithoutRowException;
import io.shiftadd.tokenizer.IncrementalDecoder;
import io.shiftadd.tokenizer.Tokenizer;
import java.util.OptionalInt;

/**
 * A prompt as token ids that the model takes.
 *
 * @param text of the prompt, for echo
 */
public record PromptTokens(int[] ids, String text) {

    private static final String TOO_LONG = "context_length_exceeded";

    /** @throws ApiException when it is too long, empty, or has ids that the model does not know */
    public static PromptTokens of(Prompt prompt, LoadedModel model, String field) {
        return switch (prompt) {
            case Prompt.OfText(String text, String where) -> {
                requireShort(text, model, field);
                int[] ids = begun(encoded(text, model, field), model, field, where);
                yield ofIds(ids, text, model, field);
            }
            case Prompt.OfIds(int[] ids, String where) -> {
                for (int id : ids) {
                    requireToken(id, model, field);
                }
                String text = certainText(ids, model.tokenizer());
                yield ofIds(begun(ids, model, field, where), text, model, field);
            }
        };
    }

    /** @param text that a chat template has written, special tokens included */
    public static PromptTokens ofChat(String text, boolean addSpecialTokens, LoadedModel model) {
        requireShort(text, model, "messages");
        int[] ids = addSpecialTokens
                ? model.tokenizer().encodePrompt(text)
                : model.tokenizer().encode(text, false);
        return ofIds(ids, text, model, "messages");
    }

    /** What is embedded is whole, what is answered or completed goes on. */
    private static int[] encoded(String text, LoadedModel model, String field) {
        return field.equals("input")
                ? model.tokenizer().encode(text, true)
                : model.tokenizer().encodePrompt(text);
    }

    /** An empty prompt continues from what begins a text, for a model that has such a token. */
    private static int[] begun(int[] ids, LoadedModel model, String field, String where) {
        if (ids.length > 0) {
            return ids;
        }
        int begin = model.tokenizer().bosId().orElse(-1);
        if (begin < 0 || begin >= model.promptVocabularySize()) {
            throw ApiException.invalid(
                    field,
                    "'" + where
                            + "' is empty, and this model has no token that begins a text; send at least one token");
        }
        return new int[] {begin};
    }

    /** Without a character that is unfinished at the end: what is generated may go on with it. */
    private static String certainText(int[] ids, Tokenizer tokenizer) {
        IncrementalDecoder decoder = tokenizer.incrementalDecoder();
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(decoder.push(id));
        }
        return text.toString();
    }

    private static PromptTokens ofIds(int[] ids, String text, LoadedModel model, String field) {
        if (ids.length == 0) {
            throw ApiException.invalid(field, "'" + field + "' has no token; send at least one");
        }
        int context = model.config().contextLength();
        if (ids.length > context) {
            throw ApiException.invalid(
                    field,
                    TOO_LONG,
                    "This model's maximum context length is " + context + " tokens. However, your prompt has "
                            + ids.length + " tokens. Shorten it");
        }
        return new PromptTokens(passed(ids, model, field), text);
    }

    /** Spares tokenizing what cannot fit however few tokens it became. */
    private static void requireShort(String text, LoadedModel model, String field) {
        long longest = (long) model.config().contextLength() * model.longestTokenBytes();
        if (text.length() > longest) {
            throw ApiException.invalid(
                    field,
                    TOO_LONG,
                    "This model's maximum context length is " + model.config().contextLength()
                            + " tokens. However, your prompt has " + text.length()
                            + " characters, which are more tokens than that. Shorten it");
        }
    }

    private static int[] passed(int[] ids, LoadedModel model, String field) {
        try {
            return model.gate().pass(ids);
        } catch (IdWithoutRowException e) {
            throw ApiException.invalid(field, "'" + field + "': " + e.getMessage());
        }
    }

    /** @throws ApiException when an id that a request names has no token or no embedding */
    static void requireKnown(int id, LoadedModel model, String field) {
        requireToken(id, model, field);
        passed(new int[] {id}, model, field);
    }

    private static void requireToken(int id, LoadedModel model, String field) {
        if (id >= model.tokenizer().vocabularySize()) {
            throw ApiException.invalid(
                    field,
                    "'" + field + "' has the token id " + id + "; this model's vocabulary ends at "
                            + (model.promptVocabularySize() - 1));
        }
    }

    /**
     * Tokens to generate after this prompt.
     *
     * @param asked empty = as many as there is room for, at most {@code otherwise}
     * @throws ApiException when there is not so much room, or none
     */
    public int room(OptionalInt asked, int otherwise, LoadedModel model, String field) {
        int context = model.config().contextLength();
        int room = context - ids.length;
        if (asked.isEmpty() && room > 0) {
            return Math.min(otherwise, room);
        }
        int wanted = asked.orElse(1);
        if (wanted > room) {
            throw ApiException.invalid(
                    field,
                    TOO_LONG,
                    "This model's maximum context length is " + context + " tokens. However, you requested "
                            + ((long) ids.length + wanted) + " tokens (" + ids.length + " in the prompt, " + wanted
                            + " for the completion). Shorten the prompt or ask for fewer tokens");
        }
        return wanted;
    }
}
