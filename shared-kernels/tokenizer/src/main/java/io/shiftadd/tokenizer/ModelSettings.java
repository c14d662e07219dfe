package io.shiftadd.tokenizer;

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

    /** Rows of the embedding, or 0 when config.json does not say. */
    int embeddingRows() {
        JsonNode rows = config.path("vocab_size");
        return rows.isInt() ? Math.clamp(rows.intValue(), 0, ModelSection.MAX_TOKENS) : 0;
    }

    String modelType() {
        return config.path("model_type").asString("");
    }
}
