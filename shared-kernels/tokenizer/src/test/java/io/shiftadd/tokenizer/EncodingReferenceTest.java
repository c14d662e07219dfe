package io.shiftadd.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.SharedFiles;
import io.shiftadd.format.SmallFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ids of made-up texts are those of the Hugging Face tokenizers library, for every part that a tokenizer.json may have.
 */
class EncodingReferenceTest {

    private static final String[] FRAGMENTS =
            (" ¦  ¦\n¦\r\n¦\t¦the¦The¦ing¦Hello world¦don't¦I'LL¦'s¦ſ¦'ſ¦123¦4 567¦٣٤¦½¦Ⅷ¦²¦é¦e\u0301¦Å¦ﬁ¦日本語¦。¦…¦₹¦🙂¦👩‍👩‍👧"
                            + "¦🇩🇪¦مرحبا¦हिन्दी¦Привет¦ß¦İ¦Σ¦_¦-¦--¦(¦)¦\"¦.¦,¦!?¦$¦+¦<¦<s>¦</s>¦<unk>¦<x>¦<|endoftext|>¦<0x41>¦▁¦▁▁¦Ġ"
                            + "¦\u00a0¦\u0085¦\u2028¦\u200b¦\u3000¦\u0000¦\u0007¦\ufeff¦\ufffd¦a¦ab¦abc¦b")
                    .split("¦");

    @TempDir
    Path directory;

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(12); n > 0; n--) {
            switch (random.nextInt(12)) {
                case 0 -> text.appendCodePoint(random.nextInt(1, 0x800));
                case 1 -> text.appendCodePoint(random.nextInt(0x800, 0xD800));
                default -> text.append(FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
            }
        }
        return text.toString();
    }

    private static void assertSame(String json, Tokenizer tokenizer, int texts) {
        Random random = new Random(7);
        try (ReferenceEncoder reference = new ReferenceEncoder(json)) {
            for (int i = 0; i < texts; i++) {
                String text = text(random);
                for (boolean special : new boolean[] {true, false}) {
                    assertThat(tokenizer.encode(text, special))
                            .as("'%s' with %s", escaped(text), json.length() < 4_000 ? json : "")
                            .containsExactly(reference.encode(text, special));
                }
            }
        }
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints()
                .forEach(c -> escaped.append(c > ' ' && c < 0x7F ? Character.toString(c) : "{%X}".formatted(c)));
        return escaped.toString();
    }

    private void assertSame(String json, int texts) throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), json);
        try (Tokenizer tokenizer = Tokenizer.open(directory)) {
            assertSame(json, tokenizer, texts);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"opt-mini", "llama-mini"})
    void encodesAsTheTokenizersLibrary(String name) throws IOException {
        Path model = SharedFiles.repository().resolve("samples").resolve(name);
        assertSame(Files.readString(model.resolve("tokenizer.json")), 2_000);
    }

    /** Vocabularies of tens of thousands of tokens; the conversion is not under test here. */
    @ParameterizedTest
    @ValueSource(strings = {"llama", "mistral"})
    void encodesWithSentencePieceVocabularies(String name) throws IOException {
        Path file = SharedFiles.require("tokenizers/" + name).resolve("tokenizer.model");
        ModelSettings settings = ModelSettings.read(directory);
        SentencePieceModel model = SentencePieceModel.parse(SmallFile.read(file, 10_000_000), name);
        TokenizerBlueprint converted =
                SentencePieceConversion.convert(model, SentencePieceConversion.Prefix.EACH_PART, name);
        assertSame(new String(converted.toJson(), StandardCharsets.UTF_8), 1_500);
    }

    @ParameterizedTest
    @EnumSource(ByteLevelSplit.class)
    void encodesWithByteLevelVocabularies(ByteLevelSplit split) throws IOException {
        Path files = SharedFiles.require("tokenizers/opt");
        Map<String, Integer> ids =
                VocabularyFile.parse(SmallFile.read(files.resolve("vocab.json"), 10_000_000), "vocab");
        List<List<String>> merges = MergesFile.parse(SmallFile.read(files.resolve("merges.txt"), 10_000_000), "merges");
        for (boolean addsSpace : new boolean[] {false, true}) {
            TokenizerBlueprint json = new TokenizerBlueprint();
            json.model(ByteLevelConversion.model(ids, merges, split));
            json.addToken(2, "</s>", true, false);
            split.addTo(json, addsSpace);
            json.decoder(ByteLevelSplit.decoder());
            assertSame(new String(json.toJson(), StandardCharsets.UTF_8), 1_000);
        }
    }

    private static final String DECODER = "\"decoder\": {\"type\": \"Sequence\", \"decoders\": [{\"type\": \"Fuse\"}]}";

    private static final String ADDED = """
            {"id": %d, "content": "%s", "single_word": %b, "lstrip": %b, "rstrip": %b, "normalized": %b, "special": %b}""";

    private static String bytePairs(boolean fuses, boolean bytes, boolean whole) {
        StringBuilder vocabulary = new StringBuilder(
                "\"<unk>\": 0, \"<s>\": 1, \"▁\": 2, \"a\": 3, \"b\": 4, \"ab\": 5, \"▁ab\": 6, \"h\": 7, \"e\": 8, \"he\": 9, \"t\": 10,"
                        + " \"the\": 11, \"c\": 12, \"abc\": 13, \" \": 14, \"Ġ\": 15, \"1\": 16, \"12\": 17, \"2\": 18, \"123\": 19, \"3\": 20, \".\": 21");
        for (int b = 0; bytes && b < 256; b++) {
            vocabulary.append(", \"<0x%02X>\": %d".formatted(b, 22 + b));
        }
        return "{\"type\": \"BPE\", \"dropout\": null, \"unk_token\": \"<unk>\", \"continuing_subword_prefix\": null, \"end_of_word_suffix\": null, \"fuse_unk\": "
                + fuses + ", \"byte_fallback\": " + bytes + ", \"ignore_merges\": " + whole + ", \"vocab\": {"
                + vocabulary
                + "}, \"merges\": [[\"a\", \"b\"], [\"h\", \"e\"], [\"t\", \"he\"], [\"▁\", \"ab\"], [\"2\", \"3\"], [\"1\", \"2\"], [\"12\", \"3\"]]}"
                        .replace("[\"2\", \"3\"], ", "");
    }

    private static String unigram(boolean bytes, boolean known) {
        StringBuilder vocabulary = new StringBuilder(
                "[\"<unk>\", 0.0], [\"<s>\", 0.0], [\"▁\", -2.5], [\"a\", -3.0], [\"b\", -3.25], [\"ab\", -5.5], [\"▁a\", -4.0], [\"the\", -4.5],"
                        + " [\"▁the\", -4.25], [\"h\", -6.0], [\"e\", -5.0], [\"t\", -5.5], [\"12\", -6.5], [\"1\", -5.0], [\"日本\", -7.0], [\"🙂\", -8.0]");
        for (int b = 0; bytes && b < 256; b++) {
            vocabulary.append(", [\"<0x%02X>\", -12]".formatted(b));
        }
        return "{\"type\": \"Unigram\", \"unk_id\": " + (known ? "0" : "0") + ", \"byte_fallback\": " + bytes
                + ", \"vocab\": [" + vocabulary + "]}";
    }

    private static Stream<String> normalizers() {
        String replace = "{\"type\": \"Replace\", \"pattern\": {\"String\": \" \"}, \"content\": \"▁\"}";
        return Stream.of(
                "null",
                "{\"type\": \"NFC\"}",
                "{\"type\": \"NFD\"}",
                "{\"type\": \"NFKC\"}",
                "{\"type\": \"NFKD\"}",
                "{\"type\": \"Lowercase\"}",
                "{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"NFD\"}, {\"type\": \"StripAccents\"}]}",
                "{\"type\": \"Strip\", \"strip_left\": true, \"strip_right\": false}",
                "{\"type\": \"Strip\", \"strip_left\": false, \"strip_right\": true}",
                "{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Prepend\", \"prepend\": \"▁\"}, " + replace
                        + "]}",
                "{\"type\": \"Replace\", \"pattern\": {\"Regex\": \" {2,}\"}, \"content\": \" \"}",
                "{\"type\": \"Replace\", \"pattern\": {\"Regex\": \"x*\"}, \"content\": \"-\"}",
                "{\"type\": \"Replace\", \"pattern\": {\"String\": \" \"}, \"content\": \"\"}");
    }

    private static Stream<String> preTokenizers() {
        Stream<String> splits = Stream.of("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous")
                .flatMap(behavior -> Stream.of(
                                "{\"String\": \"a\"}", "{\"Regex\": \"\\\\s+|\\\\d\"}", "{\"Regex\": \"b*\"}")
                        .flatMap(pattern -> Stream.of(true, false)
                                .map(invert -> "{\"type\": \"Split\", \"pattern\": " + pattern + ", \"behavior\": \""
                                        + behavior + "\", \"invert\": " + invert + "}")));
        return Stream.concat(
                splits,
                Stream.of(
                        "{\"type\": \"ByteLevel\", \"add_prefix_space\": true, \"trim_offsets\": true, \"use_regex\": false}",
                        "{\"type\": \"Metaspace\", \"replacement\": \"▁\", \"prepend_scheme\": \"first\", \"split\": false}",
                        "{\"type\": \"Metaspace\", \"replacement\": \"▁\", \"prepend_scheme\": \"always\", \"split\": true}",
                        "{\"type\": \"Metaspace\", \"replacement\": \"▁\", \"prepend_scheme\": \"never\", \"split\": true}",
                        "{\"type\": \"Metaspace\", \"replacement\": \"▁\", \"add_prefix_space\": true}",
                        "{\"type\": \"Digits\", \"individual_digits\": true}",
                        "{\"type\": \"Digits\", \"individual_digits\": false}",
                        "{\"type\": \"Punctuation\", \"behavior\": \"Contiguous\"}",
                        "{\"type\": \"Whitespace\"}",
                        "{\"type\": \"WhitespaceSplit\"}",
                        "{\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"Digits\", \"individual_digits\": true}, {\"type\": \"Metaspace\", \"replacement\": \"▁\", \"prepend_scheme\": \"first\", \"split\": true}]}"));
    }

    private static String json(
            String added, String normalizer, String preTokenizer, String postProcessor, String model) {
        return "{\"version\": \"1.0\", \"truncation\": null, \"padding\": null, \"added_tokens\": [" + added
                + "], \"normalizer\": "
                + normalizer + ", \"pre_tokenizer\": " + preTokenizer + ", \"post_processor\": " + postProcessor + ", "
                + DECODER
                + ", \"model\": " + model + "}";
    }

    private static String added(boolean a, boolean b, boolean c, boolean d) {
        return ADDED.formatted(0, "<unk>", false, false, false, false, true) + ", "
                + ADDED.formatted(1, "<s>", a, b, c, d, true);
    }

    @ParameterizedTest
    @MethodSource("normalizers")
    void normalizes(String normalizer) throws IOException {
        for (String model : new String[] {bytePairs(true, true, false), unigram(false, true)}) {
            assertSame(json(added(false, false, false, false), normalizer, "null", "null", model), 400);
        }
    }

    @ParameterizedTest
    @MethodSource("preTokenizers")
    void cutsIntoPieces(String preTokenizer) throws IOException {
        assertSame(
                json(added(false, false, false, false), "null", preTokenizer, "null", bytePairs(false, true, false)),
                300);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void mergesPairs(int flags) throws IOException {
        String model = bytePairs((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0);
        assertSame(json(added(false, false, false, false), "null", "null", "null", model), 1_000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void takesThePathWithTheBestScore(boolean bytes) throws IOException {
        String normalizer = "{\"type\": \"Replace\", \"pattern\": {\"String\": \" \"}, \"content\": \"▁\"}";
        assertSame(json(added(false, false, false, false), normalizer, "null", "null", unigram(bytes, true)), 2_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
    void findsAddedTokens(int flags) throws IOException {
        String added = added((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, (flags & 8) != 0)
                + ", " + ADDED.formatted(278, "ab<x", false, false, false, false, false)
                + ", " + ADDED.formatted(279, "<x>", (flags & 2) != 0, false, (flags & 1) != 0, (flags & 4) != 0, false)
                + ", " + ADDED.formatted(280, "The", true, true, false, true, false);
        for (String normalizer : new String[] {"null", "{\"type\": \"Lowercase\"}"}) {
            assertSame(json(added, normalizer, "null", "null", bytePairs(true, true, false)), 400);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\": \"BertProcessing\", \"sep\": [\"<s>\", 1], \"cls\": [\"<unk>\", 0]}",
                "{\"type\": \"RobertaProcessing\", \"sep\": [\"<s>\", 1], \"cls\": [\"<unk>\", 0], \"trim_offsets\": true, \"add_prefix_space\": true}",
                "{\"type\": \"Sequence\", \"processors\": [{\"type\": \"ByteLevel\", \"add_prefix_space\": true, \"trim_offsets\": false, \"use_regex\": true},"
                        + " {\"type\": \"TemplateProcessing\", \"single\": [{\"SpecialToken\": {\"id\": \"<s>\", \"type_id\": 0}}, {\"Sequence\": {\"id\": \"A\", \"type_id\": 0}},"
                        + " {\"SpecialToken\": {\"id\": \"ab\", \"type_id\": 0}}], \"pair\": [{\"Sequence\": {\"id\": \"A\", \"type_id\": 0}}, {\"Sequence\": {\"id\": \"B\", \"type_id\": 0}}],"
                        + " \"special_tokens\": {\"<s>\": {\"id\": \"<s>\", \"ids\": [1], \"tokens\": [\"<s>\"]}, \"ab\": {\"id\": \"ab\", \"ids\": [3, 4], \"tokens\": [\"a\", \"b\"]}}}]}"
            })
    void putsTokensAround(String postProcessor) throws IOException {
        assertSame(
                json(added(false, false, false, false), "null", "null", postProcessor, bytePairs(true, true, false)),
                200);
    }
}
