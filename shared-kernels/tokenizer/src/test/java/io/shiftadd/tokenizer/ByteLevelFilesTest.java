package io.shiftadd.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shiftadd.SharedFiles;
import io.shiftadd.format.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteLevelFilesTest {

    private static final String VOCABULARY = "{\"a\":0,\"b\":1,\"Ġ\":2,\"ab\":3,\"Ġab\":4,\"<|endoftext|>\":5}";

    @TempDir
    Path directory;

    @Test
    void encodesAsOpt() {
        try (Tokenizer opt = Tokenizer.open(SharedFiles.require("tokenizers/opt"))) {
            assertThat(opt.encode("Hello world", true)).containsExactly(2, 31414, 232);
            assertThat(opt.encode("Hello world", false)).containsExactly(31414, 232);
            assertThat(opt.vocabularySize()).isEqualTo(50265);
            String text = " The café cost 12.50 €, didn't it?\nNew line\tTab  two spaces 🙂 日本語 ";
            assertThat(opt.decode(opt.encode(text, true), true)).isEqualTo(text);
            assertThat(opt.decode(new int[] {2, 31414}, false)).isEqualTo("</s>Hello");
        }
    }

    @Test
    void mergesInTheOrderOfTheFile() throws IOException {
        Files.writeString(directory.resolve("vocab.json"), VOCABULARY);
        Files.writeString(directory.resolve("merges.txt"), "#version: 0.2\na b\r\nĠ ab\n\n");
        try (Tokenizer tokenizer = Tokenizer.open(directory)) {
            assertThat(tokenizer.encode("ab ab<|endoftext|>ba", true)).containsExactly(3, 4, 5, 1, 0);
            assertThat(tokenizer.isSpecial(5)).isTrue();
            assertThat(tokenizer.decode(new int[] {3, 4, 5}, true)).isEqualTo("ab ab");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a b c", "a  b", " a b", "a c"})
    void rejectsWrongMerges(String line) throws IOException {
        Files.writeString(directory.resolve("vocab.json"), VOCABULARY);
        Files.writeString(directory.resolve("merges.txt"), "#version: 0.2\n" + line + "\n");
        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> Tokenizer.open(directory));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"a\":-1}",
                "{\"a\":\"1\"}",
                "{\"a\":1.5}",
                "{\"a\":0,\"a\":1}",
                "{\"a\":0,\"b\":0}",
                "{\"a\":9}",
                ""
            })
    void rejectsWrongVocabularies(String json) throws IOException {
        Files.writeString(directory.resolve("vocab.json"), json);
        Files.writeString(directory.resolve("merges.txt"), "");
        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> Tokenizer.open(directory));
    }
}
