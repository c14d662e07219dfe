package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import io.shiftadd.tokenizer.encoding.AddedToken;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * Tokens that are added beside the tokenizer's own file, in transformers' order: {@code added_tokens_decoder} of
 * tokenizer_config.json, or added_tokens.json of older models, by their ids; then the special tokens that have a name;
 * then the other special ones. Those with a name are special whatever else is written about them.
 */
final class ExtraTokens {

    private static final List<String> LISTS = List.of("extra_special_tokens", "additional_special_tokens");

    private final ModelSettings settings;
    private final AddedTokens tokens;

    private ExtraTokens(ModelSettings settings, AddedTokens tokens) {
        this.settings = settings;
        this.tokens = tokens;
    }

    static void addTo(AddedTokens tokens, ModelSettings settings) {
        ExtraTokens extra = new ExtraTokens(settings, tokens);
        extra.addNumbered();
        extra.addNamed();
        extra.addOthers();
    }

    private void addNumbered() {
        Map<Integer, AddedToken> byId = new TreeMap<>();
        Set<String> special = specialNames();
        for (Map.Entry<String, JsonNode> entry : settings.addedTokens().properties()) {
            if (entry.getValue().isInt()) {
                int id = entry.getValue().intValue();
                String content = entry.getKey();
                byId.put(id, new AddedToken(id, content, special.contains(content), false, false, false, false));
            }
        }
        for (Map.Entry<String, JsonNode> entry :
                settings.tokenizerConfig().path("added_tokens_decoder").properties()) {
            if (entry.getValue().path("content").isString()) {
                int id = id(entry.getKey());
                byId.put(id, token(id, entry.getValue(), false));
            }
        }
        for (AddedToken token : byId.values()) {
            if (!token.content().isEmpty()) {
                tokens.addMore(token);
            }
        }
    }

    private Set<String> specialNames() {
        Set<String> names = new LinkedHashSet<>();
        for (String name : SpecialTokens.NAMES) {
            names.add(SpecialTokens.content(settings.special(name)));
        }
        for (JsonNode listed : listed()) {
            names.add(SpecialTokens.content(listed));
        }
        return names;
    }

    private void addNamed() {
        for (String name : SpecialTokens.NAMES) {
            JsonNode named = settings.special(name);
            if (!SpecialTokens.content(named).isEmpty()) {
                tokens.addMore(token(AddedTokens.UNNUMBERED, named, true));
            }
        }
    }

    private void addOthers() {
        for (JsonNode listed : listed()) {
            String content = SpecialTokens.content(listed);
            if (!content.isEmpty() && !tokens.contains(content)) {
                tokens.addMore(token(AddedTokens.UNNUMBERED, listed, true));
            }
        }
    }

    /** A list of tokens, or an object whose keys name them for templates. */
    private List<JsonNode> listed() {
        return LISTS.stream()
                .map(settings::special)
                .filter(JsonNode::isContainer)
                .flatMap(list -> list.values().stream())
                .toList();
    }

    private static AddedToken token(int id, JsonNode token, boolean isSpecial) {
        return new AddedToken(
                id,
                SpecialTokens.content(token),
                isSpecial || token.path("special").asBoolean(false),
                token.path("single_word").asBoolean(false),
                token.path("lstrip").asBoolean(false),
                token.path("rstrip").asBoolean(false),
                token.path("normalized").asBoolean(false));
    }

    private int id(String key) {
        try {
            return Integer.parseUnsignedInt(key);
        } catch (NumberFormatException e) {
            throw new FormatException(
                    "has added_tokens_decoder with the id '" + key + "'",
                    settings.where() + ", tokenizer_config.json",
                    "ids are integers from 0",
                    "Use the tokenizer files of the original model.",
                    e);
        }
    }
}
