package io.shiftadd.tokenizer;

import io.shiftadd.format.ModelJson;
import io.shiftadd.format.SmallFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/**
 * Where a model's chat template is: a file of its own or a key of tokenizer_config.json, which transformers both
 * writes.
 */
final class ChatTemplateSource {

    private static final long MAX_BYTES = 4_000_000;
    private static final String KEY = "chat_template";

    private ChatTemplateSource() {}

    /** The template of a directory; a missing node when there is none. */
    static JsonNode read(Path directory, JsonNode tokenizerConfig) {
        Path file = directory.resolve("chat_template.jinja");
        if (Files.exists(file)) {
            // No JSON, so that the text is used as it is.
            String text = new String(SmallFile.read(file, MAX_BYTES), StandardCharsets.UTF_8);
            return StringNode.valueOf(text);
        }
        JsonNode inConfig = tokenizerConfig.path(KEY);
        Path json = directory.resolve("chat_template.json");
        return chosen(inConfig) == null && Files.exists(json)
                ? ModelJson.read(json, MAX_BYTES).path(KEY)
                : inConfig;
    }

    /** Null when the model has none. A malformed one fails when it is used, because the model is of use without it. */
    static @Nullable ChatTemplate of(ModelSettings settings, SpecialTokens special, TokenizerJson tokenizer) {
        String source = chosen(settings.chatTemplate());
        return source == null
                ? null
                : new ModelChatTemplate(
                        source, named(settings.chatTemplate(), "tool_use"), variables(settings, special, tokenizer));
    }

    /** Of several with names, the one that is called default. */
    private static @Nullable String chosen(JsonNode template) {
        return template.isString() ? template.stringValue() : named(template, "default");
    }

    private static @Nullable String named(JsonNode template, String name) {
        for (JsonNode named : template) {
            if (template.isArray()
                    && named.path("name").asString("").equals(name)
                    && named.path("template").isString()) {
                return named.path("template").stringValue();
            }
        }
        return null;
    }

    private static Map<String, Object> variables(
            ModelSettings settings, SpecialTokens special, TokenizerJson tokenizer) {
        Map<String, Object> variables = new LinkedHashMap<>();
        put(variables, "bos_token", special.bos(), tokenizer);
        put(variables, "eos_token", special.mainEos(), tokenizer);
        settings.special("extra_special_tokens").properties().forEach(extra -> {
            String content = SpecialTokens.content(extra.getValue());
            if (!content.isEmpty()) {
                variables.put(extra.getKey(), content);
            }
        });
        for (String name : SpecialTokens.NAMES) {
            String content = SpecialTokens.content(settings.special(name));
            if (!content.isEmpty()) {
                variables.put(name, content);
            }
        }
        return variables;
    }

    private static void put(Map<String, Object> variables, String name, OptionalInt id, TokenizerJson tokenizer) {
        if (id.isPresent()) {
            variables.put(name, tokenizer.tokens()[id.getAsInt()]);
        }
    }
}
