package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which ids begin and end a text.
 *
 * @param mainEos the one that can be added to a text
 * @param eos all that end a generated text
 * @param addsBos whether encoding adds BOS: true or false when tokenizer_config.json says so, else null, and the
 *     tokenizer's own template decides
 * @param addsEos likewise
 */
record SpecialTokens(
        OptionalInt bos,
        OptionalInt mainEos,
        Set<Integer> eos,
        @Nullable Boolean addsBos,
        @Nullable Boolean addsEos) {

    /**
     * Takes tokens from tokenizer_config.json (or special_tokens_map.json), and ids from generation_config.json and
     * config.json.
     *
     * @throws FormatException when a token is named that the tokenizer does not have
     */
    static SpecialTokens of(ModelSettings settings, TokenizerSource source) {
        TokenizerJson tokenizer = source.json();
        OptionalInt bos = named(settings, tokenizer, "bos_token");
        if (bos.isEmpty()) {
            bos = firstId(settings, tokenizer, "bos_token_id");
        }
        if (bos.isEmpty()) {
            bos = source.bos();
        }
        Set<Integer> eos = new LinkedHashSet<>();
        OptionalInt mainEos = named(settings, tokenizer, "eos_token");
        if (mainEos.isEmpty()) {
            mainEos = firstId(settings, tokenizer, "eos_token_id");
        }
        if (mainEos.isEmpty()) {
            mainEos = source.eos();
        }
        mainEos.ifPresent(eos::add);
        eos.addAll(ids(settings.generationConfig(), tokenizer, "eos_token_id"));
        eos.addAll(ids(settings.config(), tokenizer, "eos_token_id"));
        named(settings, tokenizer, "unk_token");
        return new SpecialTokens(
                bos,
                mainEos,
                Set.copyOf(eos),
                flag(settings.tokenizerConfig(), "add_bos_token"),
                flag(settings.tokenizerConfig(), "add_eos_token"));
    }

    private static OptionalInt named(ModelSettings settings, TokenizerJson tokenizer, String key) {
        String content = content(settings.tokenizerConfig().path(key));
        if (content == null) {
            content = content(settings.specialTokensMap().path(key));
        }
        if (content == null) {
            return OptionalInt.empty();
        }
        Integer id = tokenizer.ids().get(content);
        if (id == null) {
            throw new FormatException(
                    "has the " + key + " '" + content + "'",
                    settings.where() + ", tokenizer_config.json",
                    "the tokenizer has no such token",
                    "Use the tokenizer files of one and the same model.");
        }
        return OptionalInt.of(id);
    }

    /** A special token is written as its text, or as an object with the text in it. */
    static @Nullable String content(JsonNode token) {
        JsonNode content = token.isObject() ? token.path("content") : token;
        return content.isString() && !content.stringValue().isEmpty() ? content.stringValue() : null;
    }

    private static OptionalInt firstId(ModelSettings settings, TokenizerJson tokenizer, String key) {
        for (JsonNode config : new JsonNode[] {settings.generationConfig(), settings.config()}) {
            for (int id : ids(config, tokenizer, key)) {
                return OptionalInt.of(id);
            }
        }
        return OptionalInt.empty();
    }

    /** Ids beyond the tokenizer are left out: they are defaults of an architecture and not of this tokenizer. */
    private static Set<Integer> ids(JsonNode config, TokenizerJson tokenizer, String key) {
        Set<Integer> ids = new LinkedHashSet<>();
        JsonNode value = config.path(key);
        for (JsonNode id : value.isArray() ? value : List.of(value)) {
            if (id.isInt() && id.intValue() >= 0 && id.intValue() < tokenizer.tokens().length) {
                ids.add(id.intValue());
            }
        }
        return ids;
    }

    private static @Nullable Boolean flag(JsonNode config, String key) {
        JsonNode flag = config.path(key);
        return flag.isBoolean() ? flag.booleanValue() : null;
    }
}
