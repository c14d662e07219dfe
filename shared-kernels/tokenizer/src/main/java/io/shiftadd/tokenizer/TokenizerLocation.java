package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.SmallFile;
import io.shiftadd.format.gguf.GgufFile;
import io.shiftadd.tokenizer.SentencePieceConversion.Prefix;
import io.shiftadd.tokenizer.TokenizerSource.Around;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Where a model directory has its tokenizer, and in which form. All forms are brought into that of tokenizer.json. */
sealed interface TokenizerLocation {

    long MAX_BYTES = 100_000_000;
    long MAX_SENTENCE_PIECE_BYTES = 32_000_000;

    record Json(Path file) implements TokenizerLocation {}

    record SentencePiece(Path file) implements TokenizerLocation {}

    record Gguf(Path file) implements TokenizerLocation {}

    record VocabularyAndMerges(Path vocabulary, Path merges) implements TokenizerLocation {}

    static TokenizerLocation of(Path path) {
        return find(path)
                .orElseThrow(() -> new FormatException(
                        "has no tokenizer",
                        path.toString(),
                        "expected tokenizer.json, tokenizer.model, vocab.json with merges.txt, or one .gguf",
                        "Download the model's tokenizer files into it."));
    }

    static Optional<TokenizerLocation> find(Path path) {
        if (isGguf(path)) {
            return Optional.of(new Gguf(path));
        }
        Path json = path.resolve("tokenizer.json");
        if (Files.exists(json)) {
            return Optional.of(new Json(json));
        }
        Path sentencePiece = path.resolve("tokenizer.model");
        if (Files.exists(sentencePiece)) {
            return Optional.of(new SentencePiece(sentencePiece));
        }
        Path vocabulary = path.resolve("vocab.json");
        Path merges = path.resolve("merges.txt");
        if (Files.exists(vocabulary) && Files.exists(merges)) {
            return Optional.of(new VocabularyAndMerges(vocabulary, merges));
        }
        return onlyGguf(path).map(Gguf::new);
    }

    static boolean isGguf(Path path) {
        return path.toString().endsWith(".gguf") && Files.isRegularFile(path);
    }

    /** The GGUF file of a directory that has just one. */
    static Optional<Path> onlyGguf(Path directory) {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> found = files.filter(TokenizerLocation::isGguf).toList();
            return GgufFile.isOneModel(found) ? Optional.of(found.getFirst()) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    /** A tokenizer with the settings that lie beside it. */
    record Described(TokenizerSource source, ModelSettings settings) {}

    /** Reads it, with the settings that lie in {@code directory}. */
    default Tokenizer open(Path directory) {
        Described described = describe(directory);
        return ModelTokenizer.open(described.source(), described.settings());
    }

    /** In the form of tokenizer.json, with the settings that lie in {@code directory}. */
    default Described describe(Path directory) {
        return switch (this) {
            case Json(Path file) ->
                describe(
                        directory,
                        settings -> TokenizerSource.of(SmallFile.read(file, MAX_BYTES), file.toString(), settings));
            case SentencePiece(Path file) -> describe(directory, settings -> sentencePiece(file, settings));
            case VocabularyAndMerges(Path vocabulary, Path merges) ->
                describe(directory, settings -> byteLevel(vocabulary, merges, settings));
            case Gguf(Path file) -> {
                try (GgufFile gguf = GgufFile.open(file)) {
                    ModelSettings settings = GgufVocabulary.settings(gguf);
                    yield new Described(GgufVocabulary.read(gguf, settings), settings);
                }
            }
        };
    }

    private static Described describe(Path directory, Function<ModelSettings, TokenizerSource> reader) {
        ModelSettings settings = ModelSettings.read(directory);
        return new Described(reader.apply(settings), settings);
    }

    /**
     * As transformers 5 reads it: a space only before the whole text unless {@code legacy} is true, and BOS only when
     * {@code add_bos_token} is true. A model without tokenizer_config.json is what SentencePiece and llama.cpp take it
     * for.
     */
    private static TokenizerSource sentencePiece(Path file, ModelSettings settings) {
        String where = file.toString();
        SentencePieceModel model = SentencePieceModel.parse(SmallFile.read(file, MAX_SENTENCE_PIECE_BYTES), where);
        boolean isConfigured = settings.tokenizerConfig().isObject();
        Prefix prefix = settings.flag("legacy", !isConfigured) ? Prefix.EACH_PART : Prefix.WHOLE_TEXT;
        boolean addsBos = !isConfigured && model.algorithm() == SentencePieceModel.Algorithm.BPE;
        Around around = new Around(settings.flag("add_bos_token", addsBos), settings.flag("add_eos_token", false));
        TokenizerBlueprint blueprint = SentencePieceConversion.convert(
                model, settings.flag("add_prefix_space", true) ? prefix : Prefix.NONE, where);
        return TokenizerSource.of(blueprint, where, settings, around);
    }

    private static TokenizerSource byteLevel(Path vocabulary, Path merges, ModelSettings settings) {
        String where = vocabulary.toString();
        TokenizerBlueprint blueprint = ByteLevelConversion.convert(
                VocabularyFile.parse(SmallFile.read(vocabulary, MAX_BYTES), where),
                MergesFile.parse(SmallFile.read(merges, MAX_BYTES), merges.toString()),
                settings);
        boolean addsBos = settings.flag("add_bos_token", blueprint.bos().isPresent());
        return TokenizerSource.of(
                blueprint, where, settings, new Around(addsBos, settings.flag("add_eos_token", false)));
    }
}
