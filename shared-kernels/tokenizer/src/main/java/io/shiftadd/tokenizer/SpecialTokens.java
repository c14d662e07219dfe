package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Which ids begin and end a text.
 *
 * @param mainEos the one that can be added to a text
 * @param eos all that end a generated text
 */
record SpecialTokens(OptionalInt bos, OptionalInt mainEos, Set<Integer> eos) {

    static final List<String> NAMES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    /**
     * Takes tokens from tokenizer_config.json (or special_tokens_map.json), and ids from generation_config.json and
     * config.json.
     *
     * @throws FormatException when an id is written as something else than a whole number
     */
    static SpecialTokens of(ModelSettings settings, TokenizerSource source) {
        TokenizerJson tokenizer = source.json();
        OptionalInt bos = first(settings, tokenizer, "bos_token", source.bos());
        OptionalInt mainEos = first(settings, tokenizer, "eos_token", source.eos());
        Set<Integer> eos = new LinkedHashSet<>();
        mainEos.ifPresent(eos::add);
        eos.addAll(ids(settings.generationConfig(), "generation_config.json", settings, tokenizer, "eos_token_id"));
        eos.addAll(ids(settings.config(), "config.json", settings, tokenizer, "eos_token_id"));
        return new SpecialTokens(bos, mainEos, Set.copyOf(eos));
    }

    private static OptionalInt first(
            ModelSettings settings, TokenizerJson tokenizer, String name, OptionalInt otherwise) {
        Integer named = tokenizer.ids().get(content(settings.special(name)));
        if (named != null) {
            return OptionalInt.of(named);
        }
        String key = name + "_id";
        Set<Integer> ids = new LinkedHashSet<>();
        ids.addAll(ids(settings.generationConfig(), "generation_config.json", settings, tokenizer, key));
        ids.addAll(ids(settings.config(), "config.json", settings, tokenizer, key));
        return ids.isEmpty() ? otherwise : OptionalInt.of(ids.iterator().next());
    }

    /** A special token is written as its text, or as an object with the text in it; empty when it is neither. */
    static String content(JsonNode token) {
        JsonNode content = token.isObject() ? token.path("content") : token;
        return content.isString() ? content.stringValue() : "";
    }

    /** Ids beyond the tokenizer are left out: they are defaults of an architecture and not of this tokenizer. */
    private static Set<Integer> ids(
            JsonNode config, String file, ModelSettings settings, TokenizerJson tokenizer, String key) {
        Set<Integer> ids = new LinkedHashSet<>();
        JsonNode value = config.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return ids;
        }
        for (JsonNode id : value.isArray() ? value : List.of(value)) {
            if (!id.isIntegralNumber()) {
                throw new FormatException(
                        "has " + key + " = " + value,
                        settings.where() + ", " + file,
                        "it is a token id or a list of them",
                        "Correct " + key + ".");
            }
            if (id.isInt() && id.intValue() >= 0 && id.intValue() < tokenizer.tokens().length) {
                ids.add(id.intValue());
            }
        }
        return ids;
    }
}
