package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.ModelJson;
import io.shiftadd.format.gguf.GgufFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a GGUF file has beside its weights, as the files of a Hugging Face model directory. */
public final class GgufConversion {

    private GgufConversion() {}

    /**
     * What a model takes from its GGUF file: config.json, tokenizer.json, tokenizer_config.json (with the chat
     * template) and generation_config.json; together with the tensors of {@link GgufFile} they are the model that the
     * file was made from. A directory that has a config.json or a tokenizer beside the file keeps its own.
     *
     * @param location a GGUF file, or a model directory
     * @return contents by name; empty for a directory that takes nothing from a GGUF file
     * @throws FormatException when the file is malformed or not supported
     */
    public static Map<String, byte[]> files(Path location) {
        boolean takesConfig = !Files.exists(location.resolve("config.json"));
        boolean takesTokenizer = TokenizerLocation.find(location)
                .filter(TokenizerLocation.Gguf.class::isInstance)
                .isPresent();
        if (!takesConfig && !takesTokenizer) {
            return Map.of();
        }
        Path gguf = TokenizerLocation.isGguf(location)
                ? location
                : TokenizerLocation.onlyGguf(location)
                        .orElseThrow(() -> new FormatException(
                                "has no config.json",
                                location.toString(),
                                "a model directory has one, or one GGUF file",
                                "Download it from where the weights came from."));
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (GgufFile file = GgufFile.open(gguf)) {
            if (takesConfig) {
                files.put("config.json", utf8(ModelJson.write(file.toHuggingFaceConfig())));
            }
            if (takesTokenizer) {
                ModelSettings settings = GgufVocabulary.settings(file);
                TokenizerSource tokenizer = GgufVocabulary.read(file, settings);
                files.put("tokenizer.json", tokenizer.text());
                files.put("tokenizer_config.json", utf8(ModelJson.write(settings.tokenizerConfig())));
                files.put("generation_config.json", utf8(ModelJson.write(generationConfig(settings, tokenizer))));
            }
        }
        return files;
    }

    /** With the ids that the vocabulary begins and ends texts with where the metadata does not name them. */
    private static JsonNode generationConfig(ModelSettings settings, TokenizerSource tokenizer) {
        ObjectNode config = settings.generationConfig().deepCopy().asObject();
        if (!config.has("bos_token_id")) {
            tokenizer.bos().ifPresent(id -> config.put("bos_token_id", id));
        }
        if (config.path("eos_token_id").isEmpty()) {
            tokenizer.eos().ifPresent(id -> config.put("eos_token_id", id));
        }
        return config;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
