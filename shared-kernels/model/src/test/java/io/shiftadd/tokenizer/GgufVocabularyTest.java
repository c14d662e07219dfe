package io.shiftadd.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.gguf.GgufBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GGUF vocabularies mean what llama.cpp takes them for, or are refused where they are opened. */
class GgufVocabularyTest {

    @TempDir
    Path directory;

    private static GgufBytes model() {
        return new GgufBytes()
                .text("general.architecture", "llama")
                .integer("llama.embedding_length", 1)
                .integer("llama.feed_forward_length", 1)
                .integer("llama.block_count", 1)
                .integer("llama.context_length", 1)
                .integer("llama.attention.head_count", 1)
                .number("llama.attention.layer_norm_rms_epsilon", 1e-5f)
                .tensor("token_embd.weight", new long[] {8, 1}, new float[8]);
    }

    private static GgufBytes byteLevel(String... tokens) {
        return model().text("tokenizer.ggml.model", "gpt2").texts("tokenizer.ggml.tokens", List.of(tokens));
    }

    /** Ids: unk 0, bos 1, eos 2, a 3, b 4, ab 5, then those given. */
    private static GgufBytes sentencePiece(String... more) {
        List<String> tokens = new java.util.ArrayList<>(List.of("<unk>", "<s>", "</s>", "a", "b", "ab"));
        tokens.addAll(List.of(more));
        int[] types = new int[tokens.size()];
        java.util.Arrays.fill(types, 1);
        types[0] = 2;
        types[1] = 3;
        types[2] = 3;
        return model().text("tokenizer.ggml.model", "llama")
                .texts("tokenizer.ggml.tokens", tokens)
                .integers("tokenizer.ggml.token_type", types)
                .flag("tokenizer.ggml.add_space_prefix", false);
    }

    private static float[] scores(int count, float last) {
        float[] scores = new float[count];
        scores[count - 1] = last;
        return scores;
    }

    private Tokenizer open(GgufBytes gguf) throws IOException {
        return Tokenizer.open(gguf.write(directory.resolve("model.gguf")));
    }

    private void assertRefused(GgufBytes gguf, String... said) {
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> open(gguf))
                .satisfies(e -> assertThat(e.getMessage()).contains(said))
                .satisfies(
                        e -> assertThat(e.remedy()).contains("tokenizer.json").doesNotContain("ownload"));
    }

    @Test
    void byteLevelTokensWithoutMergesAreRefused() throws IOException {
        assertRefused(byteLevel("a", "b", "ab").text("tokenizer.ggml.pre", "gpt-2"), "merges");
        assertRefused(
                byteLevel("a", "b", "ab").text("tokenizer.ggml.pre", "gpt-2").texts("tokenizer.ggml.merges", List.of()),
                "merges");
        try (Tokenizer tokenizer = open(byteLevel("a", "b").text("tokenizer.ggml.pre", "gpt-2"))) {
            assertThat(tokenizer.encode("ab", true)).as("nothing to merge").containsExactly(0, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a c", "ab", "a "})
    void mergesThatNameNoTokensAreRefused(String merge) {
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> open(byteLevel("a", "b", "ab")
                        .text("tokenizer.ggml.pre", "gpt-2")
                        .texts("tokenizer.ggml.merges", List.of(merge))))
                .withMessageContaining("merge");
    }

    @Test
    void aSplitThatIsMissingOrUnknownIsRefusedWithWhatThereIs() {
        GgufBytes missing = byteLevel("a", "b", "ab").texts("tokenizer.ggml.merges", List.of("a b"));
        assertRefused(missing, "tokenizer.ggml.pre' is missing", "llama-bpe");
        assertRefused(missing.text("tokenizer.ggml.pre", "jina-v9"), "'jina-v9'", "qwen2");
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-2, 1",
        "default, 2",
        "llama-bpe, 2",
        "smaug-bpe, 2",
        "qwen2, 4",
        "tekken, 4",
        "smollm, 4",
        "deepseek-r1-qwen, 4"
    })
    void splitsAreThoseOfTheirNames(String pre, int expected) throws IOException {
        GgufBytes gguf = byteLevel("1111", "1", "11", "111")
                .text("tokenizer.ggml.pre", pre)
                .texts("tokenizer.ggml.merges", List.of("1 1", "11 1", "11 11"));
        try (Tokenizer tokenizer = open(gguf)) {
            assertThat(tokenizer.encode("1111", true)).as(pre).hasSize(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<|eot_id|>",
                "<|eom_id|>",
                "<|im_end|>",
                "<end_of_turn>",
                "<|end|>",
                "<|endoftext|>",
                "<|end_of_text|>",
                "<EOT>",
                "<end_of_utterance>"
            })
    void tokensThatEndTurnsEndThemWhateverTheFileNames(String end) throws IOException {
        try (Tokenizer tokenizer = open(sentencePiece(end))) {
            assertThat(tokenizer.eosIds()).containsExactlyInAnyOrder(2, 6);
            assertThat(tokenizer.isSpecial(6)).isTrue();
            assertThat(tokenizer.encode("a" + end, false)).containsExactly(3, 6);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"eot_token_id", "eom_token_id"})
    void namedEndsEndTurns(String key) throws IOException {
        try (Tokenizer tokenizer = open(sentencePiece("<x>").integer("tokenizer.ggml." + key, 6))) {
            assertThat(tokenizer.eosIds()).containsExactlyInAnyOrder(2, 6);
        }
        try (Tokenizer tokenizer = open(
                sentencePiece("<x>").integer("tokenizer.ggml." + key, 99).integer("tokenizer.ggml.eos_token_id", 77))) {
            assertThat(tokenizer.eosIds()).as("beyond the vocabulary").containsExactly(2);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-, -, 1 5",
        "true, -, 1 5",
        "false, -, 5",
        "-, false, 1 5",
        "-, true, 1 5 2",
        "false, true, 5 2",
        "true, true, 1 5 2"
    })
    void flagsForBosAndEosAreApart(String bos, String eos, String expected) throws IOException {
        GgufBytes gguf = sentencePiece();
        if (!bos.equals("-")) {
            gguf.flag("tokenizer.ggml.add_bos_token", Boolean.parseBoolean(bos));
        }
        if (!eos.equals("-")) {
            gguf.flag("tokenizer.ggml.add_eos_token", Boolean.parseBoolean(eos));
        }
        try (Tokenizer tokenizer = open(gguf)) {
            assertThat(tokenizer.encode("ab", true))
                    .containsExactly(java.util.Arrays.stream(expected.split(" "))
                            .mapToInt(Integer::parseInt)
                            .toArray());
            assertThat(tokenizer.encodePrompt("ab")).doesNotContain(2);
        }
    }

    @Test
    void emptyTokensAreThereAndMatchNothing() throws IOException {
        try (Tokenizer tokenizer = open(sentencePiece("", ""))) {
            assertThat(tokenizer.encode("ab", false)).containsExactly(5);
            assertThat(tokenizer.token(6)).isEqualTo("[EMPTY_6]");
            assertThat(tokenizer.token(7)).isEqualTo("[EMPTY_7]");
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.NEGATIVE_INFINITY})
    void aScoreThatIsNoNumberIsTheWorst(float score) throws IOException {
        try (Tokenizer tokenizer = open(sentencePiece("ba").numbers("tokenizer.ggml.scores", scores(7, score)))) {
            assertThat(tokenizer.encode("bab", false)).containsExactly(4, 5);
        }
    }

    @Test
    void tokensTwiceAreRefusedForWhatTheyAre() {
        assertRefused(sentencePiece("a"), "'a' twice");
        assertRefused(
                byteLevel("a", "b", "a")
                        .text("tokenizer.ggml.pre", "gpt-2")
                        .texts("tokenizer.ggml.merges", List.of("a b")),
                "'a' twice");
    }

    @Test
    void whatChangesIdsAndIsNotThereIsRefusedByName() {
        assertRefused(sentencePiece().flag("tokenizer.ggml.add_sep_token", true), "add_sep_token");
    }
}
