package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.GgufFile;
import io.shiftadd.format.StrictJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a GGUF file has beside its weights, as the files of a Hugging Face model directory. */
public final class GgufConversion {

    private GgufConversion() {}

    /**
     * config.json, tokenizer.json, tokenizer_config.json (with the chat template) and generation_config.json; together
     * with the tensors of {@link GgufFile} they are the model that the file was made from.
     *
     * @return contents by name
     * @throws FormatException when the file is malformed or not supported
     */
    public static Map<String, byte[]> files(Path gguf) {
        try (GgufFile file = GgufFile.open(gguf)) {
            ModelSettings settings = GgufVocabulary.settings(file);
            TokenizerSource tokenizer = GgufVocabulary.read(file, settings);
            Map<String, byte[]> files = new LinkedHashMap<>();
            files.put("config.json", utf8(StrictJson.write(file.toHuggingFaceConfig())));
            files.put("tokenizer.json", tokenizer.text());
            files.put("tokenizer_config.json", utf8(StrictJson.write(settings.tokenizerConfig())));
            files.put("generation_config.json", utf8(StrictJson.write(settings.generationConfig())));
            return files;
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
