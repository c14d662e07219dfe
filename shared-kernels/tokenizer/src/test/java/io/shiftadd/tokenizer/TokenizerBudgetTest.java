package io.shiftadd.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shiftadd.format.FormatException;
import io.shiftadd.tokenizer.encoding.TokenizationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a stranger's tokenizer.json says, a text costs time and memory in proportion to its length, or fails by
 * name.
 */
@Timeout(60)
class TokenizerBudgetTest {

    private static final String BPE =
            "{\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"b\": 1, \"ab\": 2}, \"merges\": [\"a b\"]}";

    @TempDir
    Path directory;

    private Tokenizer open(String parts, String model) throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), "{" + parts + ", \"model\": " + model + "}");
        return Tokenizer.open(directory);
    }

    private static String repeated(String part, int times) {
        return IntStream.range(0, times).mapToObj(i -> part).collect(Collectors.joining(", "));
    }

    /** Quadratic search would take 10^11 steps. */
    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void aLongAddedTokenIsSearchedForInOnePass(String normalized) throws IOException {
        String tokens = "\"added_tokens\": [{\"id\": 3, \"content\": \"" + "a".repeat(200_000) + "c\", \"normalized\": "
                + normalized + "}, {\"id\": 4, \"content\": \"bb\", \"normalized\": " + normalized + "}]";
        try (Tokenizer tokenizer = open(tokens, BPE)) {
            int[] ids = tokenizer.encode("a".repeat(1_000_000) + "bb", false);
            assertThat(ids).hasSize(1_000_001).endsWith(4);
            assertThat(tokenizer.encode("a".repeat(200_001) + "c", false)).containsExactly(0, 3);
        }
    }

    @Test
    void whiteSpaceThatAddedTokensSwallowIsWalkedThroughOnce() throws IOException {
        for (String side : new String[] {"lstrip", "rstrip"}) {
            String tokens = "\"added_tokens\": [{\"id\": 3, \"content\": \" \", \"" + side + "\": true}]";
            try (Tokenizer tokenizer = open(tokens, BPE)) {
                assertThat(tokenizer.encode(" ".repeat(300_000) + "a", false))
                        .contains(3)
                        .endsWith(0);
            }
        }
    }

    @Test
    void decodersThatBlowUpATextAreRefusedWhereTheTokenizerIsOpened() {
        String doubling = "{\"type\": \"Replace\", \"pattern\": {\"String\": \"a\"}, \"content\": \"aa\"}";
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> open(
                        "\"decoder\": {\"type\": \"Sequence\", \"decoders\": [" + repeated(doubling, 40) + "]}", BPE))
                .withMessageContaining("Replace decoders")
                .withMessageContaining("64");
        String empty = "{\"type\": \"Fuse\"}, {\"type\": \"ByteFallback\"}";
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> open(
                        "\"decoder\": {\"type\": \"Sequence\", \"decoders\": [" + repeated(empty, 200) + "]}", BPE))
                .withMessageContaining("more than 100 decoders");
        assertThatCode(() -> open(
                                "\"decoder\": {\"type\": \"Sequence\", \"decoders\": [" + repeated(doubling, 5) + "]}",
                                BPE)
                        .close())
                .doesNotThrowAnyException();
    }

    @Test
    void idsOfLongTokensStandForNoMoreTextThanThereMayBe() throws IOException {
        String tokens = "\"added_tokens\": [{\"id\": 3, \"content\": \"" + "x".repeat(1_000_000) + "\"}]";
        try (Tokenizer tokenizer = open(tokens, BPE)) {
            assertThatExceptionOfType(TokenizationException.class)
                    .isThrownBy(() -> tokenizer.decode(
                            IntStream.generate(() -> 3).limit(1_000).toArray(), false))
                    .withMessageContaining("67108864 characters");
        }
    }

    /** Each multiplies the bytes of what the one before made. */
    @Test
    void preTokenizersThatBlowUpATextFailByName() throws IOException {
        String parts = "\"pre_tokenizer\": {\"type\": \"Sequence\", \"pretokenizers\": ["
                + repeated("{\"type\": \"ByteLevel\", \"add_prefix_space\": true}", 60) + "]}";
        try (Tokenizer tokenizer = open(parts, BPE)) {
            assertThatExceptionOfType(TokenizationException.class)
                    .isThrownBy(() -> tokenizer.encode("\u00E9 a ".repeat(1_000), false))
                    .withMessageContaining("pre_tokenizer")
                    .withMessageContaining("characters");
        }
    }

    @Test
    void oneReplacementIsStoppedWhileItIsMade() throws IOException {
        String parts = "\"normalizer\": {\"type\": \"Replace\", \"pattern\": {\"String\": \"a\"}, \"content\": \""
                + "x".repeat(1_000) + "\"}";
        try (Tokenizer tokenizer = open(parts, BPE)) {
            assertThatExceptionOfType(TokenizationException.class)
                    .isThrownBy(() -> tokenizer.encode("a".repeat(200_000), false))
                    .withMessageContaining("normalizer");
        }
    }

    /** Pieces share one budget: a budget for each would be a million of them. */
    @Test
    void manyPiecesHaveNoMoreStepsThanOneText() throws IOException {
        String split = "{\"type\": \"Split\", \"pattern\": {\"Regex\": \"%s\"}, \"behavior\": \"Isolated\","
                + " \"invert\": false}";
        String parts = "\"pre_tokenizer\": {\"type\": \"Sequence\", \"pretokenizers\": [" + split.formatted("b") + ", "
                + split.formatted("a*a*a*c") + "]}";
        try (Tokenizer tokenizer = open(parts, BPE)) {
            assertThat(tokenizer.encode("aab".repeat(1_000), false)).hasSize(3_000);
            assertThatExceptionOfType(TokenizationException.class)
                    .isThrownBy(() -> tokenizer.encode(("a".repeat(80) + "b").repeat(2_000), false))
                    .withMessageContaining("pre_tokenizer: takes too long");
        }
    }

    @Test
    void longTokensOfAUnigramModelFailByName() throws IOException {
        String model = "{\"type\": \"Unigram\", \"unk_id\": 0, \"vocab\": [[\"<unk>\", 0.0], [\"a\", -1.0], [\""
                + "a".repeat(50_000) + "b\", -2.0]]}";
        try (Tokenizer tokenizer = open("\"normalizer\": null", model)) {
            assertThat(tokenizer.encode("aaa", false)).hasSize(3);
            assertThatExceptionOfType(TokenizationException.class)
                    .isThrownBy(() -> tokenizer.encode("a".repeat(200_000), false))
                    .withMessageContaining("takes too long");
        }
    }
}
