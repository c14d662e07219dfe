package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.ModelJson;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * The JSON files beside a tokenizer; missing where a file is absent.
 *
 * @param chatTemplate a string, or a list of objects with name and template
 * @param where names the source in errors
 */
record ModelSettings(
        String where,
        JsonNode tokenizerConfig,
        JsonNode specialTokensMap,
        JsonNode addedTokens,
        JsonNode config,
        JsonNode generationConfig,
        JsonNode chatTemplate) {

    private static final long MAX_BYTES = 16_000_000;

    static ModelSettings read(Path directory) {
        JsonNode tokenizerConfig = optional(directory.resolve("tokenizer_config.json"));
        return new ModelSettings(
                directory.toString(),
                tokenizerConfig,
                optional(directory.resolve("special_tokens_map.json")),
                optional(directory.resolve("added_tokens.json")),
                optional(directory.resolve("config.json")),
                optional(directory.resolve("generation_config.json")),
                ChatTemplateSource.read(directory, tokenizerConfig));
    }

    private static JsonNode optional(Path file) {
        return Files.exists(file) ? ModelJson.read(file, MAX_BYTES) : MissingNode.getInstance();
    }

    /**
     * What is said of a special token. special_tokens_map.json counts before tokenizer_config.json, as it does in
     * transformers, but for models that have their added tokens in tokenizer_config.json.
     */
    JsonNode special(String name) {
        boolean isOld = !tokenizerConfig.hasNonNull("added_tokens_decoder");
        JsonNode first = isOld ? specialTokensMap : tokenizerConfig;
        JsonNode second = isOld ? tokenizerConfig : specialTokensMap;
        return first.hasNonNull(name) ? first.path(name) : second.path(name);
    }

    /** A flag of tokenizer_config.json, {@code absent} when it does not say or says null. */
    boolean flag(String name, boolean absent) {
        return tokenizerConfig.path(name).isBoolean()
                ? tokenizerConfig.path(name).booleanValue()
                : absent;
    }

    /**
     * @throws FormatException when a setting is made that changes ids and is not there
     */
    void requireKnown() {
        if (flag("split_special_tokens", false)) {
            throw new FormatException(
                    "has split_special_tokens = true",
                    where + ", tokenizer_config.json",
                    "special tokens that are written out in a text become their ids here",
                    "Set it to false.");
        }
    }

    /** Rows of the embedding, or 0 when config.json does not say. */
    int embeddingRows() {
        JsonNode rows = config.path("vocab_size");
        return rows.isInt() ? Math.clamp(rows.intValue(), 0, ModelSection.MAX_TOKENS) : 0;
    }

    String modelType() {
        return config.path("model_type").asString("");
    }
}
