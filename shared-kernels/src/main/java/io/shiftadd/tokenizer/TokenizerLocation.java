package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.SmallFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a model directory has its tokenizer, and in which form. */
sealed interface TokenizerLocation {

    long MAX_BYTES = 100_000_000;

    record Json(Path directory, Path file) implements TokenizerLocation {}

    static TokenizerLocation in(Path directory) {
        Path json = directory.resolve("tokenizer.json");
        if (Files.exists(json)) {
            return new Json(directory, json);
        }
        throw new FormatException(
                "has no tokenizer",
                directory.toString(),
                "expected tokenizer.json, tokenizer.model, or vocab.json with merges.txt",
                "Download the model's tokenizer files into it.");
    }

    default Tokenizer open() {
        return switch (this) {
            case Json(Path directory, Path file) -> {
                ModelSettings settings = ModelSettings.read(directory);
                yield ModelTokenizer.create(
                        TokenizerJson.parse(SmallFile.read(file, MAX_BYTES), file.toString(), settings.embeddingRows()),
                        settings);
            }
        };
    }
}
