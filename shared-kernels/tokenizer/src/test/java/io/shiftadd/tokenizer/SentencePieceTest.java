package io.shiftadd.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shiftadd.SharedFiles;
import io.shiftadd.format.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentencePieceTest {

    private static final List<String> TEXTS = List.of(
            "Once upon a time, there was a little girl named Lily.",
            "The café cost 12.50 €, didn't it?\nNew line\tTab  two spaces 🙂 日本語",
            " leading space and trailing ",
            "   ",
            "a                                        b",
            "int main() {\n    return 0;\n}",
            "aaaaaaaaaaaaaaaaaaaa==============================",
            "");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"tokenizers/llama", "tokenizers/mistral", "models/stories260K"})
    void mergesAsSentencePieceDoes(String model) throws IOException {
        Path path = SharedFiles.require(model);
        GreedyPieces reference = GreedyPieces.read(path.resolve("tokenizer.model"));
        String book = Files.readString(SharedFiles.require("data/text/wikitext2-test.txt"));
        List<String> paragraphs =
                book.lines().filter(line -> !line.isEmpty()).limit(300).toList();
        try (Tokenizer tokenizer = Tokenizer.open(path)) {
            for (List<String> texts : List.of(TEXTS, paragraphs)) {
                for (String text : texts) {
                    int[] ids = tokenizer.encode(text, false);
                    assertThat(ids).as(text).containsExactly(reference.encode(text));
                    assertThat(tokenizer.decode(ids, true)).isEqualTo(text);
                }
            }
        }
    }

    @Test
    void knowsTheIdsOfLlama() {
        try (Tokenizer llama = Tokenizer.open(SharedFiles.require("tokenizers/llama"))) {
            assertThat(llama.encode("Hello world", true)).containsExactly(1, 15043, 3186);
            assertThat(llama.encode("Hello <s>.", true)).containsExactly(1, 15043, 29871, 1, 869);
            assertThat(llama.encode("", true)).containsExactly(1);
            assertThat(llama.bosId()).hasValue(1);
            assertThat(llama.eosIds()).containsExactly(2);
            assertThat(llama.vocabularySize()).isEqualTo(32000);
            assertThat(llama.tokenBytes(15043)).asString().isEqualTo(" Hello");
            assertThat(llama.tokenBytes(13)).containsExactly('\n');
            assertThat(llama.token(13)).isEqualTo("<0x0A>");
        }
    }

    @Test
    void putsNoSpaceAfterSpecialTokensWhenTheConfigAsksForIt() throws IOException {
        Files.copy(SharedFiles.require("tokenizers/llama/tokenizer.model"), directory.resolve("tokenizer.model"));
        Files.writeString(
                directory.resolve("tokenizer_config.json"),
                "{\"legacy\":false,\"add_eos_token\":true,\"add_bos_token\":true,\"bos_token\":\"<s>\",\"eos_token\":\"</s>\"}");
        try (Tokenizer llama = Tokenizer.open(directory)) {
            assertThat(llama.encode("Hello <s>.", true)).containsExactly(1, 15043, 29871, 1, 29889, 2);
            assertThat(llama.encode("Hello", false)).containsExactly(15043);
        }
    }

    @Test
    void addsTokensOfTheConfig() throws IOException {
        Files.copy(SharedFiles.require("tokenizers/llama/tokenizer.model"), directory.resolve("tokenizer.model"));
        Files.writeString(directory.resolve("tokenizer_config.json"), """
                {"added_tokens_decoder": {
                  "32000": {"content": "<|im_start|>", "special": true},
                  "32001": {"content": "<tool>", "special": false}},
                 "eos_token": {"content": "<|im_start|>"}}""");
        try (Tokenizer llama = Tokenizer.open(directory)) {
            assertThat(llama.vocabularySize()).isEqualTo(32002);
            int[] ids = llama.encode("<|im_start|>a<tool>", false);
            assertThat(ids).startsWith(32000).endsWith(32001);
            assertThat(llama.decode(ids, true)).isEqualTo("a<tool>");
            assertThat(llama.eosIds()).containsExactly(32000);
        }
    }

    @Test
    void followsTheFlagsOfTheFile() throws IOException {
        SentencePieceBytes model = new SentencePieceBytes();
        model.unigram(pieces()).flags(false, true).write(directory);
        try (Tokenizer tokenizer = Tokenizer.open(directory)) {
            assertThat(tokens(tokenizer, "  ab   abc ")).containsExactly("ab", "▁", "abc");
        }
        new SentencePieceBytes().unigram(pieces()).flags(true, false).write(directory);
        try (Tokenizer tokenizer = Tokenizer.open(directory)) {
            assertThat(tokens(tokenizer, "ab  é")).containsExactly("▁", "ab", "▁", "▁", "<0xC3>", "<0xA9>");
            assertThat(tokenizer.decode(tokenizer.encode("ab  é", true), true)).isEqualTo("ab  é");
        }
    }

    @Test
    void takesUserDefinedSymbolsWhole() throws IOException {
        new SentencePieceBytes()
                .bpe(pieces())
                .piece("<tool>", 0, 4)
                .piece("xyzzy", 0, 4)
                .flags(true, false)
                .write(directory);
        try (Tokenizer tokenizer = Tokenizer.open(directory)) {
            assertThat(tokens(tokenizer, "ab<tool>xyzzya")).containsExactly("▁", "ab", "<tool>", "xyzzy", "▁", "a");
            assertThat(tokenizer.isSpecial(tokenizer.id("xyzzy").getAsInt())).isFalse();
        }
    }

    private static Map<String, Float> pieces() {
        return Map.of("a", -5f, "b", -5f, "c", -5f, "▁", -4f, "ab", -2f, "abc", -1f);
    }

    private static List<String> tokens(Tokenizer tokenizer, String text) {
        return IntStream.of(tokenizer.encode(text, false))
                .mapToObj(tokenizer::token)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"twice", "empty", "type", "score", "word", "truncated", "suffix"})
    void rejectsWhatItCannotRead(String fault) throws IOException {
        SentencePieceBytes model = new SentencePieceBytes().bpe(pieces());
        switch (fault) {
            case "twice" -> model.piece("ab", 0, 1);
            case "empty" -> model.piece("", 0, 1);
            case "type" -> model.piece("x", 0, 7);
            case "score" -> model.piece("x", Float.NaN, 1);
            case "word" -> model.algorithm(3);
            case "suffix" -> model.whitespaceAsSuffix();
            default -> model.truncate();
        }
        model.write(directory);
        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> Tokenizer.open(directory));
    }
}
