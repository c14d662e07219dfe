package io.shiftadd.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shiftadd.format.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens there are, which are special, and what is put around a text; as transformers 5 does it. */
class SpecialTokensTest {

    /** Ids: a 0, b 1, ab 2, &lt;s> 3, &lt;/s> 4. */
    private static final String JSON = """
            {"added_tokens": [{"id": 3, "content": "<s>", "special": true}, {"id": 4, "content": "</s>", "special": true}%s],
             "normalizer": null, "post_processor": %s,
             "decoder": {"type": "ByteLevel"},
             "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}}""";

    private static final String BOS_AND_EOS = "\"bos_token\": \"<s>\", \"eos_token\": \"</s>\"";

    @TempDir
    Path directory;

    private static String template(String... names) {
        StringBuilder single = new StringBuilder();
        for (String name : names) {
            single.append(single.isEmpty() ? "" : ", ")
                    .append(
                            name.equals("A")
                                    ? "{\"Sequence\": {\"id\": \"A\", \"type_id\": 0}}"
                                    : "{\"SpecialToken\": {\"id\": \"" + name + "\", \"type_id\": 0}}");
        }
        return "{\"type\": \"TemplateProcessing\", \"single\": [" + single + "], \"pair\": [], \"special_tokens\": {"
                + "\"<s>\": {\"id\": \"<s>\", \"ids\": [3], \"tokens\": [\"<s>\"]},"
                + "\"</s>\": {\"id\": \"</s>\", \"ids\": [4], \"tokens\": [\"</s>\"]}}}";
    }

    private Tokenizer open(String moreTokens, String postProcessor, String config) throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), JSON.formatted(moreTokens, postProcessor));
        Files.writeString(directory.resolve("tokenizer_config.json"), config);
        return Tokenizer.open(directory);
    }

    private Tokenizer open(String config) throws IOException {
        return open("", "null", config);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ", \"add_eos_token\": false",
                ", \"add_bos_token\": false",
                ", \"add_eos_token\": true",
                ", \"add_bos_token\": true, \"add_eos_token\": true",
                ", \"add_bos_token\": null, \"add_eos_token\": false"
            })
    void flagsOfTheConfigLeaveATokenizerJsonAsItIs(String flags) throws IOException {
        try (Tokenizer tokenizer = open("", template("<s>", "A"), "{" + BOS_AND_EOS + flags + "}")) {
            assertThat(tokenizer.encode("ab", true)).containsExactly(3, 2);
            assertThat(tokenizer.encode("ab", false)).containsExactly(2);
        }
        try (Tokenizer tokenizer = open("", "null", "{" + BOS_AND_EOS + flags + "}")) {
            assertThat(tokenizer.encode("ab", true)).as("no post_processor").containsExactly(2);
        }
    }

    @Test
    void aPromptHasWhatIsPutBeforeATextAndNothingAfterIt() throws IOException {
        try (Tokenizer tokenizer = open("", template("<s>", "A", "</s>"), "{" + BOS_AND_EOS + "}")) {
            assertThat(tokenizer.encode("ab", true)).containsExactly(3, 2, 4);
            assertThat(tokenizer.encodePrompt("ab")).containsExactly(3, 2);
        }
    }

    /** Of any texts and any template: the prompt is how the whole text begins, up to what is put after it. */
    @Test
    void promptsBeginTextsWhateverIsPutAround() throws IOException {
        Random random = new Random(5);
        for (String[] parts : new String[][] {{"A"}, {"<s>", "A"}, {"A", "</s>"}, {"<s>", "<s>", "A", "</s>", "<s>"}}) {
            try (Tokenizer tokenizer = open("", template(parts), "{}")) {
                for (int i = 0; i < 50; i++) {
                    StringBuilder text = new StringBuilder();
                    for (int j = random.nextInt(6); j > 0; j--) {
                        text.append(new String[] {"a", "b", "<s>", "</s>", " "}[random.nextInt(5)]);
                    }
                    int[] whole = tokenizer.encode(text.toString(), true);
                    int[] prompt = tokenizer.encodePrompt(text.toString());
                    int[] plain = tokenizer.encode(text.toString(), false);
                    assertThat(Arrays.copyOf(whole, prompt.length)).isEqualTo(prompt);
                    assertThat(Arrays.copyOfRange(prompt, prompt.length - plain.length, prompt.length))
                            .isEqualTo(plain);
                    assertThat(whole).hasSize(plain.length + parts.length - 1);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bos_token, [BOS]",
        "eos_token, <|e|>",
        "unk_token, [UNK]",
        "pad_token, [PAD]",
        "cls_token, [CLS]",
        "sep_token, [SEP]",
        "mask_token, [MASK]"
    })
    void aSpecialTokenThatTheTokenizerLacksIsAddedAfterTheOthers(String name, String content) throws IOException {
        for (String value : new String[] {"\"" + content + "\"", "{\"content\": \"" + content + "\"}"}) {
            try (Tokenizer tokenizer = open("{\"" + name + "\": " + value + "}")) {
                assertThat(tokenizer.encode("a" + content + "b", false)).containsExactly(0, 5, 1);
                assertThat(tokenizer.isSpecial(5)).isTrue();
                assertThat(tokenizer.decode(new int[] {0, 5, 1}, true)).isEqualTo("ab");
                assertThat(tokenizer.decode(new int[] {0, 5, 1}, false)).isEqualTo("a" + content + "b");
                assertThat(tokenizer.eosIds().contains(5)).isEqualTo(name.equals("eos_token"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"extra_special_tokens\": [\"<x>\", \"<y>\"]",
                "\"extra_special_tokens\": {\"image_token\": \"<x>\", \"other\": \"<y>\"}",
                "\"additional_special_tokens\": [{\"content\": \"<x>\"}, \"<y>\"]"
            })
    void moreSpecialTokensAreAddedInTheirOrder(String config) throws IOException {
        try (Tokenizer tokenizer = open("{" + config + "}")) {
            assertThat(tokenizer.encode("<y>a<x>", false)).containsExactly(6, 0, 5);
            assertThat(tokenizer.isSpecial(5)).isTrue();
            assertThat(tokenizer.isSpecial(6)).isTrue();
        }
    }

    @Test
    void aTokenThatHasANameIsSpecialWhateverTheTokenizerSaysOfIt() throws IOException {
        String plain = ", {\"id\": 5, \"content\": \"[P]\", \"special\": false}";
        try (Tokenizer tokenizer = open(plain, "null", "{\"pad_token\": \"[P]\"}")) {
            assertThat(tokenizer.decode(new int[] {0, 5, 1}, true)).isEqualTo("ab");
        }
        try (Tokenizer tokenizer = open(plain, "null", "{\"extra_special_tokens\": [\"[P]\"]}")) {
            assertThat(tokenizer.decode(new int[] {0, 5, 1}, true)).isEqualTo("a[P]b");
        }
    }

    @Test
    void tokensOfAddedTokensJsonAreSpecialWhenTheyAreNamedOrListed() throws IOException {
        Files.writeString(directory.resolve("added_tokens.json"), "{\"<tool>\": 6, \"<|im_start|>\": 5}");
        for (Map.Entry<String, String> map : Map.of(
                        "special_tokens_map.json", "{\"additional_special_tokens\": [\"<|im_start|>\"]}",
                        "tokenizer_config.json", "{\"additional_special_tokens\": [\"<|im_start|>\"]}")
                .entrySet()) {
            Files.deleteIfExists(directory.resolve("special_tokens_map.json"));
            Files.writeString(directory.resolve("tokenizer.json"), JSON.formatted("", "null"));
            Files.writeString(directory.resolve("tokenizer_config.json"), "{}");
            Files.writeString(directory.resolve(map.getKey()), map.getValue());
            try (Tokenizer tokenizer = Tokenizer.open(directory)) {
                assertThat(tokenizer.encode("<|im_start|>a<tool>", false)).containsExactly(5, 0, 6);
                assertThat(tokenizer.decode(new int[] {5, 0, 6}, true)).isEqualTo("a<tool>");
            }
        }
    }

    @Test
    void gapsInAddedIdsAreRefusedWhereTheTokenizerIsOpened() {
        for (String gap : new String[] {"6", "4", "9", "-2"}) {
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(() -> open(", {\"id\": " + gap + ", \"content\": \"<x>\"}", "null", "{}"))
                    .withMessageContaining("<x>");
        }
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> open("{\"added_tokens_decoder\": {\"7\": {\"content\": \"<x>\"}}}"))
                .withMessageContaining("'<x>' the id 7");
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> open(", {\"id\": 1, \"content\": \"a\"}", "null", "{}"))
                .withMessageContaining("'a'");
    }

    @Test
    void addedTokensOfAByteLevelTokenizerAreTextAsItIsWritten() throws IOException {
        String[] contents = {
            "\u0111em",
            "\u010Dau",
            "\u00C5ngstr\u00F6m",
            "\u00FCber",
            "na\u00EFve",
            "\u00E9t\u00E9",
            "\u0120x",
            "\u65E5\u672C"
        };
        StringBuilder added = new StringBuilder();
        for (int i = 0; i < contents.length; i++) {
            added.append(", {\"id\": ")
                    .append(5 + i)
                    .append(", \"content\": \"")
                    .append(contents[i])
                    .append("\"}");
        }
        try (Tokenizer tokenizer = open(added.toString(), "null", "{}")) {
            for (int i = 0; i < contents.length; i++) {
                String text = "a" + contents[i] + "b";
                assertThat(tokenizer.encode(text, false)).containsExactly(0, 5 + i, 1);
                assertThat(tokenizer.decode(new int[] {0, 5 + i, 1}, true)).isEqualTo(text);
                assertThat(new String(tokenizer.tokenBytes(5 + i), java.nio.charset.StandardCharsets.UTF_8))
                        .isEqualTo(contents[i]);
                assertThat(tokenizer.token(5 + i)).isEqualTo(contents[i]);
            }
        }
    }

    @Test
    void aSettingThatChangesIdsAndIsNotThereIsRefusedByName() {
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> open("{\"split_special_tokens\": true}"))
                .withMessageContaining("split_special_tokens");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"7\"", "7.0", "[[7]]", "true"})
    void anEndIdThatIsNoIdIsRefusedByName(String value) throws IOException {
        Files.writeString(directory.resolve("generation_config.json"), "{\"eos_token_id\": " + value + "}");
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> open("{}"))
                .withMessageContaining("generation_config.json")
                .withMessageContaining("eos_token_id");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|▁ab <s> ▁ a", // as transformers 5
                "{\"legacy\": null}|▁ab <s> ▁ a",
                "{\"legacy\": true}|▁ab <s> ▁ ▁ a",
                "{\"legacy\": false, \"add_bos_token\": true}|<s> ▁ab <s> ▁ a",
                "{\"add_bos_token\": false}|▁ab <s> ▁ a",
                "{\"add_eos_token\": true}|▁ab <s> ▁ a </s>",
                "{\"add_bos_token\": true, \"add_eos_token\": true}|<s> ▁ab <s> ▁ a </s>",
                "{\"add_bos_token\": null, \"add_prefix_space\": false}|ab <s> ▁ a",
                "-|<s> ▁ab <s> ▁ ▁ a" // as SentencePiece and llama.cpp
            })
    void aTokenizerModelAloneFollowsItsConfig(String config, String expected) throws IOException {
        new SentencePieceBytes()
                .bpe(Map.of("a", -5f, "b", -5f, "▁", -4f, "ab", -2f, "▁ab", -1f))
                .flags(true, false)
                .write(directory);
        if (!config.equals("-")) {
            Files.writeString(directory.resolve("tokenizer_config.json"), config);
        }
        try (Tokenizer tokenizer = Tokenizer.open(directory)) {
            assertThat(java.util.Arrays.stream(tokenizer.encode("ab<s> a", true))
                            .mapToObj(tokenizer::token)
                            .toList())
                    .containsExactly(expected.split(" "));
        }
    }

    /** The reference's release 0.23.2 looks for them in normalized text and writes them as that. */
    @Test
    void normalizedAddedTokensAreWrittenAsTheyAreFound() throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), """
                {"added_tokens": [{"id": 3, "content": "ABC", "normalized": true}, {"id": 4, "content": "ABD", "normalized": false}],
                 "normalizer": {"type": "Lowercase"}, "decoder": {"type": "Fuse"},
                 "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}}""");
        try (Tokenizer tokenizer = Tokenizer.open(directory)) {
            assertThat(tokenizer.encode("aABCabcABD", false)).containsExactly(0, 3, 3, 4);
            assertThat(tokenizer.decode(new int[] {0, 3, 4}, false)).isEqualTo("aabcABD");
        }
        Files.writeString(directory.resolve("tokenizer.json"), """
                {"added_tokens": [{"id": 4, "content": "<|bot|>", "normalized": true}],
                 "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"},
                  {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
                 "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
                  {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
                 "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "▁": 2, "▁a": 3}, "merges": ["▁ a"]}}""");
        try (Tokenizer tokenizer = Tokenizer.open(directory)) {
            assertThat(tokenizer.encode("a <|bot|>", false)).containsExactly(3, 4);
            assertThat(tokenizer.decode(new int[] {3, 4}, false)).isEqualTo("a <|bot|>");
        }
    }
}
