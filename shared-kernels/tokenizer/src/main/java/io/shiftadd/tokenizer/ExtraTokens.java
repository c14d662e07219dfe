package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.ModelJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tokens that are added beside the tokenizer's own file: {@code added_tokens_decoder} of tokenizer_config.json, and
 * added_tokens.json of older models.
 */
final class ExtraTokens {

    private final Map<Integer, ObjectNode> byId;

    private ExtraTokens(Map<Integer, ObjectNode> byId) {
        this.byId = byId;
    }

    static ExtraTokens of(ModelSettings settings) {
        Map<Integer, ObjectNode> byId = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : settings.addedTokens().properties()) {
            if (entry.getValue().isInt()) {
                ObjectNode token = JsonNodeFactory.instance.objectNode();
                byId.put(entry.getValue().intValue(), token.put("content", entry.getKey()));
            }
        }
        for (Map.Entry<String, JsonNode> entry :
                settings.tokenizerConfig().path("added_tokens_decoder").properties()) {
            if (entry.getValue() instanceof ObjectNode token
                    && token.path("content").isString()) {
                byId.put(id(entry.getKey(), settings), token);
            }
        }
        return new ExtraTokens(byId);
    }

    private static int id(String key, ModelSettings settings) {
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

    /**
     * A tokenizer.json with those of these tokens that it lacks.
     *
     * @param json the text of {@code tokenizer}
     */
    byte[] addMissing(byte[] json, TokenizerJson tokenizer) {
        ArrayNode missing = JsonNodeFactory.instance.arrayNode();
        byId.forEach((id, token) -> {
            String content = token.path("content").stringValue();
            if (id >= tokenizer.tokens().length
                    && !content.isEmpty()
                    && !tokenizer.ids().containsKey(content)) {
                missing.add(entry(id, token));
            }
        });
        if (missing.isEmpty()) {
            return json;
        }
        ObjectNode root = (ObjectNode) ModelJson.parse(json, tokenizer.where());
        if (root.path("added_tokens") instanceof ArrayNode known) {
            known.addAll(missing);
        } else {
            root.set("added_tokens", missing);
        }
        return ModelJson.write(root).getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode entry(int id, ObjectNode token) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        entry.put("id", id);
        entry.set("content", token.path("content"));
        for (String flag : new String[] {"single_word", "lstrip", "rstrip", "normalized", "special"}) {
            entry.put(flag, token.path(flag).asBoolean(false));
        }
        return entry;
    }
}
