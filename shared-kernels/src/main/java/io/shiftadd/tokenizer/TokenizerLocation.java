package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.SmallFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a model directory has its tokenizer, and in which form. All forms are brought into that of tokenizer.json. */
sealed interface TokenizerLocation {

    long MAX_BYTES = 100_000_000;
    long MAX_SENTENCE_PIECE_BYTES = 32_000_000;

    record Json(Path file) implements TokenizerLocation {}

    record SentencePiece(Path file) implements TokenizerLocation {}

    record VocabularyAndMerges(Path vocabulary, Path merges) implements TokenizerLocation {}

    static TokenizerLocation in(Path directory) {
        Path json = directory.resolve("tokenizer.json");
        if (Files.exists(json)) {
            return new Json(json);
        }
        Path sentencePiece = directory.resolve("tokenizer.model");
        if (Files.exists(sentencePiece)) {
            return new SentencePiece(sentencePiece);
        }
        Path vocabulary = directory.resolve("vocab.json");
        Path merges = directory.resolve("merges.txt");
        if (Files.exists(vocabulary) && Files.exists(merges)) {
            return new VocabularyAndMerges(vocabulary, merges);
        }
        throw new FormatException(
                "has no tokenizer",
                directory.toString(),
                "expected tokenizer.json, tokenizer.model, or vocab.json with merges.txt",
                "Download the model's tokenizer files into it.");
    }

    default TokenizerSource read(ModelSettings settings) {
        return switch (this) {
            case Json(Path file) -> TokenizerSource.of(SmallFile.read(file, MAX_BYTES), file.toString(), settings);
            case SentencePiece(Path file) -> {
                String where = file.toString();
                SentencePieceModel model =
                        SentencePieceModel.parse(SmallFile.read(file, MAX_SENTENCE_PIECE_BYTES), where);
                yield TokenizerSource.of(SentencePieceConversion.convert(model, settings, where), where, settings);
            }
            case VocabularyAndMerges(Path vocabulary, Path merges) -> {
                String where = vocabulary.toString();
                TokenizerBlueprint blueprint = ByteLevelConversion.convert(
                        VocabularyFile.parse(SmallFile.read(vocabulary, MAX_BYTES), where),
                        MergesFile.parse(SmallFile.read(merges, MAX_BYTES), merges.toString()),
                        settings);
                yield TokenizerSource.of(blueprint, where, settings);
            }
        };
    }
}
