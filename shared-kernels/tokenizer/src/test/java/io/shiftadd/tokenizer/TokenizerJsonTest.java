package io.shiftadd.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.shiftadd.format.FormatException;
import io.shiftadd.tokenizer.encoding.TokenizationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerJsonTest {

    private static final String VALID = """
            {"added_tokens": [{"id": 3, "content": "<s>", "special": true, "single_word": false, "lstrip": false,
                               "rstrip": false, "normalized": false}],
             "normalizer": null,
             "decoder": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": true},
             "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}}""";

    @TempDir
    Path directory;

    private Tokenizer open(String json) throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), json);
        return Tokenizer.open(directory);
    }

    private ThrowableAssertAlternative<FormatException> assertRejected(String valid, String wrong) {
        assertThat(VALID).contains(valid);
        return assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> open(VALID.replace(valid, wrong)))
                .withMessageContaining("tokenizer.json")
                .satisfies(e -> assertThat(e.remedy()).isNotBlank());
    }

    @Test
    void acceptsAValidOne() throws IOException {
        try (Tokenizer tokenizer = open(VALID)) {
            assertThat(tokenizer.encode("aba<s>", true)).containsExactly(2, 0, 3);
            assertThat(tokenizer.vocabularySize()).isEqualTo(4);
        }
    }

    @Test
    void rejectsUnreadableJson() {
        assertRejected("}}", "}").withMessageContaining("JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "2147483648", "1.0", "\"1\"", "null", "4", "1000000000"})
    void rejectsIdsOutOfRange(String id) {
        assertRejected("\"b\": 1", "\"b\": " + id).withMessageContaining("'b'");
    }

    @Test
    void rejectsIdsGivenTwice() {
        assertRejected("\"b\": 1", "\"b\": 0").withMessageContaining("the id 0");
    }

    @Test
    void rejectsTokensWithTwoIds() {
        assertRejected("\"id\": 3, \"content\": \"<s>\"", "\"id\": 3, \"content\": \"a\"")
                .withMessageContaining("'a'");
    }

    @Test
    void rejectsAddedTokensThatDoNotFollow() {
        assertRejected("\"id\": 3", "\"id\": 2").withMessageContaining("'<s>'");
        assertRejected("\"id\": 3", "\"id\": 5").withMessageContaining("'<s>'");
        assertRejected("\"id\": 3", "\"id\": -3").withMessageContaining("<s>");
    }

    @Test
    void rejectsVocabulariesLargerThanTheEmbedding() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"vocab_size\": 3}");
        try (Tokenizer tokenizer = open(VALID)) {
            assertThat(tokenizer.vocabularySize())
                    .as("an added token without a row is let pass")
                    .isEqualTo(4);
        }
        assertRejected("\"b\": 1, \"ab\": 2", "\"b\": 9, \"ab\": 2").withMessageContaining("below 4");
    }

    @Test
    void rejectsWhatItDoesNotKnow() {
        assertRejected("\"type\": \"BPE\"", "\"type\": \"WordPiece\"").withMessageContaining("WordPiece");
        assertRejected("\"type\": \"ByteLevel\"", "\"type\": \"CTC\"").withMessageContaining("CTC");
        assertRejected("\"model\"", "\"x\"").withMessageContaining("no model");
        assertRejected("\"merges\"", "\"dropout\": 0.5, \"merges\"").withMessageContaining("dropout");
        assertRejected("a b\"", "a c\"");
    }

    /** The tokenizers library ends the process over this one. */
    @Test
    void takesPartsThatDoNothing() throws IOException {
        String parts =
                "\"normalizer\": {\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Prepend\", \"prepend\": \"\"}, {\"type\": \"NFC\"}]}";
        try (Tokenizer tokenizer = open(VALID.replace("\"normalizer\": null", parts))) {
            assertThat(tokenizer.encode("aba<s>", true)).containsExactly(2, 0, 3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a*)*b", "(?:a|b)+c", "(a+)+(?=x)", "(?:(?:a|ab|b)*)*$x"})
    void rejectsPatternsThatTakeForEver(String pattern) throws IOException {
        String parts = "\"pre_tokenizer\": {\"type\": \"Split\", \"pattern\": {\"Regex\": \"" + pattern
                + "\"}, \"behavior\": \"Isolated\", \"invert\": false}, \"normalizer\": null";
        try (Tokenizer tokenizer = open(VALID.replace("\"normalizer\": null", parts))) {
            assertThat(tokenizer.encode("ab", true)).containsExactly(2);
            assertThatExceptionOfType(TokenizationException.class)
                    .isThrownBy(() -> tokenizer.encode("a".repeat(100_000), true))
                    .withMessageContaining("pre_tokenizer: takes too long");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?:){2000000000}",
                "(?:(?:(?:){999}){999}){999}",
                "(",
                "[[:alpha:]]+",
                "\\\\h",
                "(?m:.)",
                "(?<n>a)\\\\g<n>"
            })
    void rejectsPatternsThatMeanSomethingElse(String pattern) {
        assertRejected(
                        "\"normalizer\": null",
                        "\"normalizer\": {\"type\": \"Replace\", \"pattern\": {\"Regex\": \"" + pattern
                                + "\"}, \"content\": \"\"}")
                .withMessageContaining("regular expression");
    }

    @Test
    void rejectsNormalizersThatBlowUpATextWithoutMeasure() throws IOException {
        String replace =
                "{\"type\": \"Replace\", \"pattern\": {\"String\": \"a\"}, \"content\": \"" + "a".repeat(20) + "\"}";
        String parts = "\"normalizer\": {\"type\": \"Sequence\", \"normalizers\": [" + replace + ", " + replace + ", "
                + replace + "]}";
        try (Tokenizer tokenizer = open(VALID.replace("\"normalizer\": null", parts))) {
            assertThatExceptionOfType(TokenizationException.class)
                    .isThrownBy(() -> tokenizer.encode("a".repeat(10_000), true))
                    .withMessageContaining("characters");
        }
    }

    @Test
    void rejectsPartsThatPointNowhere() {
        assertRejected("\"merges\"", "\"continuing_subword_prefix\": \"####\", \"merges\"")
                .withMessageContaining("continuing_subword_prefix");
        for (String table : new String[] {"", "!", "AA==", "BAAAAAAAAAAA", "BAAAAAAAAAAB"}) {
            assertRejected(
                            "\"normalizer\": null",
                            "\"normalizer\": {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"" + table + "\"}")
                    .withMessageContaining("precompiled_charsmap");
        }
        String template =
                "\"normalizer\": null, \"post_processor\": {\"type\": \"TemplateProcessing\", \"single\": [%s],"
                        + " \"pair\": [], \"special_tokens\": {\"<s>\": {\"id\": \"<s>\", \"ids\": [%s], \"tokens\": [\"<s>\"]}}}";
        for (String[] wrong : new String[][] {
            {"{\"SpecialToken\": {\"id\": \"<x>\", \"type_id\": 0}}", "1"},
            {"{\"Sequence\": {\"id\": \"B\", \"type_id\": 0}}", "1"},
            {"{\"Sequence\": {\"id\": \"A\", \"type_id\": 0}}", "4294967295"},
            {"{\"Sequence\": {\"id\": \"A\", \"type_id\": 0}}", ""}
        }) {
            assertRejected("\"normalizer\": null", template.formatted(wrong[0], wrong[1]))
                    .withMessageContaining("post_processor");
        }
    }

    @Test
    void rejectsIdsOutsideTheVocabulary() throws IOException {
        try (Tokenizer tokenizer = open(VALID)) {
            assertThatIllegalArgumentException().isThrownBy(() -> tokenizer.decode(new int[] {4}, false));
            assertThatIllegalArgumentException().isThrownBy(() -> tokenizer.token(-1));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> tokenizer.incrementalDecoder().push(4));
        }
    }

    @Test
    void namesWhatADirectoryLacks() {
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> Tokenizer.open(directory))
                .withMessageContaining("tokenizer.model");
    }
}
