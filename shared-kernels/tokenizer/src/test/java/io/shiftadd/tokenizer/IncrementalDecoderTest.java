package io.shiftadd.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.SharedFiles;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids that come one after the other, as a generated text's do: byte-level tokens, and characters spelled in bytes. */
class IncrementalDecoderTest {

    private static final int ROUNDS = 2_000;

    private static Tokenizer open(String name) {
        return Tokenizer.open(SharedFiles.repository().resolve("samples").resolve(name));
    }

    /** Ids of any kind; low ids are the bytes, so that many sequences are malformed UTF-8. */
    private static int[] random(Random random, Tokenizer tokenizer) {
        int bound = random.nextBoolean() ? 300 : tokenizer.vocabularySize();
        return random.ints(random.nextInt(1, 24), 0, bound).toArray();
    }

    private static int[] bytes(Tokenizer tokenizer, byte[] bytes) {
        return IntStream.range(0, bytes.length)
                .map(i -> tokenizer.id("<0x%02X>".formatted(bytes[i])).orElseThrow())
                .toArray();
    }

    private static List<String> pieces(IncrementalDecoder decoder, int... ids) {
        List<String> pieces = new ArrayList<>();
        for (int id : ids) {
            pieces.add(decoder.push(id));
        }
        pieces.add(decoder.finish());
        return pieces;
    }

    /** What single bytes spell, each beginning of a character that nothing goes on with being one U+FFFD. */
    private static String expected(Tokenizer tokenizer, int[] ids, boolean skip) {
        StringBuilder text = new StringBuilder();
        ByteArrayOutputStream run = new ByteArrayOutputStream();
        for (int id : ids) {
            if (skip && tokenizer.isSpecial(id)) {
                continue;
            }
            int value = DecoderStages.byteValue(tokenizer.token(id));
            if (value >= 0) {
                run.write(value);
            } else {
                text.append(replaced(run));
                text.append(tokenizer.token(id).replace('\u2581', ' '));
            }
        }
        text.append(replaced(run));
        return !text.isEmpty() && text.charAt(0) == ' ' ? text.substring(1) : text.toString();
    }

    private static String replaced(ByteArrayOutputStream run) {
        Utf8Stream stream = new Utf8Stream();
        String text = stream.push(run.toByteArray()) + stream.finish();
        run.reset();
        return text;
    }

    @ParameterizedTest
    @ValueSource(strings = {"opt-mini", "llama-mini"})
    void piecesTogetherAreTheTextAndNoneSplitsACharacter(String name) {
        Random random = new Random(5);
        try (Tokenizer tokenizer = open(name)) {
            for (int round = 0; round < ROUNDS; round++) {
                int[] ids = random(random, tokenizer);
                boolean skip = random.nextBoolean();
                List<String> pieces = pieces(tokenizer.incrementalDecoder(skip), ids);
                assertThat(pieces)
                        .allMatch(piece ->
                                piece.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE));
                String whole = name.equals("opt-mini") ? tokenizer.decode(ids, skip) : expected(tokenizer, ids, skip);
                assertThat(String.join("", pieces)).isEqualTo(whole);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"opt-mini", "llama-mini"})
    void anAnswerContinuesItsPromptAtEverySplit(String name) {
        Random random = new Random(7);
        try (Tokenizer tokenizer = open(name)) {
            for (int round = 0; round < ROUNDS; round++) {
                int[] ids = random(random, tokenizer);
                String whole = String.join("", pieces(tokenizer.incrementalDecoder(), ids));
                for (int split = 0; split <= ids.length; split++) {
                    int[] prompt = Arrays.copyOf(ids, split);
                    int[] generated = Arrays.copyOfRange(ids, split, ids.length);
                    IncrementalDecoder decoder = tokenizer.incrementalDecoder();
                    StringBuilder certain = new StringBuilder();
                    for (int id : prompt) {
                        certain.append(decoder.push(id));
                    }
                    String unfinished = decoder.copy().finish();
                    decoder.cut();
                    String answer = String.join("", pieces(decoder, generated));
                    // An unfinished character at the prompt's end belongs to the answer if that goes on with it.
                    assertThat(whole).isIn(certain + answer, certain + unfinished + answer);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"opt-mini", "llama-mini"})
    void wholeTextsAreTheReferencesWhereBytesAreUtf8(String name) {
        try (Tokenizer tokenizer = open(name)) {
            for (String text : List.of("Hello 你好吗", "x😀y", "I like \u2028", "a\u0000", "é\nè", "日本語です。")) {
                int[] ids = tokenizer.encode(text, true);
                assertThat(String.join("", pieces(tokenizer.incrementalDecoder(), ids)))
                        .isEqualTo(tokenizer.decode(ids, true))
                        .isEqualTo(text);
            }
        }
    }

    @Test
    void aCharacterComesWithItsLastByte() {
        try (Tokenizer tokenizer = open("llama-mini")) {
            int[] ids = bytes(tokenizer, "你😀".getBytes(StandardCharsets.UTF_8));
            assertThat(pieces(tokenizer.incrementalDecoder(), ids)).containsExactly("", "", "你", "", "", "", "😀", "");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "E4BDA0E4BD, 你�",
        "E4BDA0E4, 你�",
        "E4BDA0FFE4BDA0, 你�你",
        "80, �",
        "F09F98, �",
        "EDA080, ���",
        "E4BD41, �A"
    })
    void onlyTheUnfinishedCharacterOfARunIsReplaced(String hex, String text) {
        try (Tokenizer tokenizer = open("llama-mini")) {
            int[] ids = bytes(tokenizer, HexFormat.of().parseHex(hex));
            assertThat(String.join("", pieces(tokenizer.incrementalDecoder(), ids)))
                    .isEqualTo(text);
        }
    }

    @Test
    void aRunOfAnyLengthAtThePromptsEndIsNotWrittenAgain() {
        try (Tokenizer tokenizer = open("llama-mini")) {
            for (int length = 1; length < 40; length++) {
                IncrementalDecoder decoder = tokenizer.incrementalDecoder();
                for (int id : tokenizer.encode("Hello " + "你".repeat(length), true)) {
                    decoder.push(id);
                }
                decoder.cut();
                assertThat(decoder.push(tokenizer.id("▁the").orElseThrow())).isEqualTo(" the");
                assertThat(decoder.finish()).isEmpty();
            }
        }
    }

    @Test
    void anUnfinishedCharacterOfThePromptGoesOn() {
        try (Tokenizer tokenizer = open("llama-mini")) {
            int[] ids = bytes(tokenizer, "你".getBytes(StandardCharsets.UTF_8));
            for (int split = 1; split < ids.length; split++) {
                IncrementalDecoder decoder = tokenizer.incrementalDecoder();
                for (int id : Arrays.copyOf(ids, split)) {
                    decoder.push(id);
                }
                decoder.cut();
                assertThat(String.join("", pieces(decoder.copy(), Arrays.copyOfRange(ids, split, ids.length))))
                        .isEqualTo("你");
                assertThat(String.join(
                                "", pieces(decoder.copy(), tokenizer.id("▁the").orElseThrow())))
                        .isEqualTo(" the");
                assertThat(decoder.finish()).isEmpty();
            }
        }
    }

    @Test
    void tellsWhatStandsForEarlierIds() {
        try (Tokenizer tokenizer = open("llama-mini")) {
            IncrementalDecoder decoder = tokenizer.incrementalDecoder();
            for (int id : bytes(tokenizer, new byte[] {(byte) 0xE4, (byte) 0xBD})) {
                decoder.push(id);
                assertThat(decoder.settled()).isZero();
            }
            assertThat(decoder.push(tokenizer.id("▁the").orElseThrow())).isEqualTo("� the");
            assertThat(decoder.settled()).isEqualTo(1);
        }
    }
}
