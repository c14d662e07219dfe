package io.shiftadd.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyTest {

    /** What no message may have: the words of a library about itself. */
    private static final List<String> INTERNALS = List.of(
            "Source:",
            "REDACTED",
            "StreamRead",
            "JsonRead",
            "Deserialization",
            "jackson",
            "Exception",
            "com.",
            "tools.");

    private static BadBodyException fault(String body, JsonBody.Texts texts) {
        return catchThrowableOfType(
                BadBodyException.class, () -> JsonBody.read(body.getBytes(StandardCharsets.UTF_8), texts));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{ ~ an object has no end (line 1, column 1)",
                "{\"a\" ~ an object has no end (line 1, column 1)",
                "{\"a\": ~ it ends where a value should be (line 1, column 6)",
                "{\"a\": \"text ~ a text has no end (line 1, column 7)",
                "[1, 2 ~ an array has no end",
                "{\"a\": NaN} ~ NaN is no number of JSON",
                "{\"a\": -Infinity} ~ -Infinity is no number of JSON",
                "{\"a\": True} ~ 'True' is no value of JSON",
                "nonsense ~ 'nonsense' is no value of JSON",
                "{} {} ~ something follows the end of the first value (line 1, column 4)",
                "{\"a\": 1, \"a\": 2} ~ the field 'a' is there twice (line 1, column 10)",
                "{\"a\": 1,} ~ a comma before } (line 1, column 9)",
                "[1,] ~ a comma before ]",
                "{\"a\": 1 \"b\": 2} ~ '\"' stands where a comma or } should be",
                "{a: 1} ~ 'a' stands where a name in double quotes should be",
                "{\"a\": 'x'} ~ it must stand in double quotes",
                "{\"a\": 0x10} ~ '0x10' is no number of JSON",
                "{\"a\": 01} ~ '01' is no number of JSON",
                "{\"a\": .5} ~ '.5' is no number of JSON",
                "{\"a\": +1} ~ '+1' is no number of JSON",
                "{\"a\": /* x */ 1} ~ JSON has no comments",
                "{\"a\": \"\\x\"} ~ a backslash that begins no escape",
                "{\"a\" 1} ~ a colon is missing after a name"
            })
    void saysWhatIsWrongAndWhere(String body, String says) {
        assertThat(fault(body, JsonBody.Texts.ANY).reason())
                .startsWith("The body is not valid JSON: ")
                .contains(says);
    }

    @Test
    void countsLinesAndColumnsFromOne() {
        assertThat(fault("{\n  \"a\": 1,\n  \"b\": ,\n}", JsonBody.Texts.ANY).reason())
                .contains("(line 3, column 8)");
    }

    @Test
    void refusesWhatIsTooDeepOrTooLong() {
        assertThat(fault("[".repeat(70) + "]".repeat(70), JsonBody.Texts.ANY).reason())
                .contains("more than 64 levels deep");
        assertThat(fault("[" + "9".repeat(200) + "]", JsonBody.Texts.ANY).reason())
                .contains("a number has 200 characters; it may have 100");
        assertThat(fault("{\"" + "x".repeat(2_000) + "\": 1}", JsonBody.Texts.ANY)
                        .reason())
                .contains("more than 1000 characters");
        assertThat(fault("\t\"", JsonBody.Texts.ANY).reason()).contains("a text has no end");
        assertThat(fault("\"a\tb\"", JsonBody.Texts.ANY).reason()).contains("U+0009", "escape");
    }

    @Test
    void saysOfBytesThatAreNoUtf8() {
        BadBodyException fault = catchThrowableOfType(
                BadBodyException.class,
                () -> JsonBody.read(new byte[] {'{', '"', (byte) 0xFF, '"', '}'}, JsonBody.Texts.ANY));
        assertThat(fault.reason()).contains("UTF-8");
    }

    /** Each escape was once looked for in a copy of all that follows: this took hours. */
    @Test
    void whatIsWrongIsFoundInOnePassHoweverManyEscapesStandBeforeIt() {
        String escapes = "\\u0041".repeat(600_000);
        assertThat(fault("[\"" + escapes, JsonBody.Texts.ANY).reason()).contains("a text has no end");
        assertThat(fault("[\"" + escapes + "\\u00g1\"]", JsonBody.Texts.ANY).reason())
                .contains("a backslash that begins no escape", "column 3600003");
        assertThat(fault("[\"\\u00", JsonBody.Texts.ANY).reason()).contains("a backslash that begins no escape");
    }

    /** As NUL, a slash, a quote and a half of a pair could be written; and text in another encoding. */
    @ParameterizedTest
    @ValueSource(strings = {"c080", "e080af", "c0a2", "f08080af", "eda080", "f4908080", "e282", "ff"})
    void bytesThatAreNoUtf8AreRefusedInTextsAndInNames(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        for (List<String> around : List.of(List.of("{\"a\": \"b", "\"}"), List.of("{\"b", "\": 1}"))) {
            byte[] start = around.getFirst().getBytes(StandardCharsets.US_ASCII);
            byte[] end = around.getLast().getBytes(StandardCharsets.US_ASCII);
            byte[] body = ByteBuffer.allocate(start.length + bytes.length + end.length)
                    .put(start)
                    .put(bytes)
                    .put(end)
                    .array();
            BadBodyException fault =
                    catchThrowableOfType(BadBodyException.class, () -> JsonBody.read(body, JsonBody.Texts.ANY));
            assertThat(fault.reason()).contains("not UTF-8");
        }
    }

    @Test
    void jsonInAnotherEncodingIsNotGuessed() {
        for (String encoding : List.of("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")) {
            byte[] body = "{\"a\": 1}".getBytes(Charset.forName(encoding));
            assertThat(catchThrowableOfType(BadBodyException.class, () -> JsonBody.read(body, JsonBody.Texts.ANY)))
                    .as(encoding)
                    .isNotNull();
        }
    }

    @Test
    void everyRefusalOfSpoiledJsonIsInOurOwnWords() {
        Random random = new Random(7);
        String valid =
                "{\"model\": \"m\", \"n\": [1, -2.5e3, true, null], \"o\": {\"t\": \"a\\n\\u00e9 b\", \"e\": {}}}";
        String letters = "{}[]\",:\\ntrue0123.eE+-'/* \n\u0000é";
        int refused = 0;
        for (int i = 0; i < 4_000; i++) {
            StringBuilder body = new StringBuilder(valid);
            for (int change = 0; change <= i % 3; change++) {
                int at = random.nextInt(body.length());
                char letter = letters.charAt(random.nextInt(letters.length()));
                switch (random.nextInt(3)) {
                    case 0 -> body.setCharAt(at, letter);
                    case 1 -> body.insert(at, letter);
                    default -> body.setLength(Math.max(1, at));
                }
            }
            BadBodyException fault = fault(body.toString(), JsonBody.Texts.ANY);
            if (fault != null) {
                refused++;
                assertThat(fault.reason())
                        .as(body.toString())
                        .doesNotContain(INTERNALS)
                        .containsPattern("line [0-9]+, column [0-9]+|The body is empty");
            }
        }
        assertThat(refused).isGreaterThan(2_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud800", "\\udc00\\ud800", "x\\udfff"})
    void refusesHalvesOfCharactersByTheNameOfTheField(String half) {
        BadBodyException fault =
                fault("{\"messages\": [{\"a\": 1}, {\"content\": \"" + half + "\"}]}", JsonBody.Texts.ANY);
        assertThat(fault.field()).isEqualTo("messages[1].content");
        assertThat(fault.reason()).contains("half a surrogate pair");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\u0000",
                "\\u001b",
                "\\u007f",
                "\\u0085",
                "\\ud800",
                "\\u202e",
                "\\u2066",
                "\\uffff",
                "\\u061c",
                "\\u2028",
                "\\u2029",
                "\\u200b",
                "\\ufeff",
                "\\u2060",
                "\\u00ad",
                "\\udb40\\udc41"
            })
    void plainTextsHaveNoCharactersThatNobodyMeans(String character) {
        BadBodyException fault = fault("{\"name\": \"a" + character + "b\"}", JsonBody.Texts.PLAIN);
        assertThat(fault.field()).isEqualTo("name");
        assertThat(fault.status()).isEqualTo(400);
    }

    @Test
    void joinersAndAccentsBelongToPlainTexts() {
        assertThat(PlainText.fault("می\u200cخواهم 👩\u200d🔬 e\u0301 e\u00e9 日本"))
                .isNull();
    }

    @Test
    void namesOfFieldsArePlainTexts() {
        assertThat(fault("{\"a\\u0000\": 1}", JsonBody.Texts.PLAIN).field()).isEqualTo("a\uFFFD");
    }

    @Test
    void modelsMayBeSentWhatNamesMayNot() {
        assertThat(fault("{\"prompt\": \"\\u0000 \\u202e \\u001b\"}", JsonBody.Texts.ANY))
                .isNull();
    }
}
