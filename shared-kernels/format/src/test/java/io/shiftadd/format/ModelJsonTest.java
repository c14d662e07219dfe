package io.shiftadd.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ModelJsonTest {

    private static JsonNode parse(String text) {
        return ModelJson.parse(text.getBytes(StandardCharsets.UTF_8), "model/config.json");
    }

    private static String rejected(String text) {
        String[] message = {""};
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> parse(text))
                .satisfies(e -> message[0] = String.valueOf(e.getMessage()));
        assertThat(message[0]).startsWith("model/config.json: ").doesNotContainIgnoringCase("jackson");
        assertThat(message[0])
                .doesNotContain("REDACTED")
                .doesNotContain("Feature")
                .doesNotContain("tools.");
        return message[0];
    }

    @Test
    void readsTheWordsThatPythonWritesForNumbersThatAreNone() {
        JsonNode read = parse("{\"a\": NaN, \"b\": Infinity, \"c\": -Infinity, \"d\": 1}");
        assertThat(read.path("a").doubleValue()).isNaN();
        assertThat(read.path("b").doubleValue()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(read.path("c").doubleValue()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(ModelJson.write(read)).isEqualTo("{\"a\":NaN,\"b\":Infinity,\"c\":-Infinity,\"d\":1}");
    }

    @Test
    void takesTheLastOfTwoValuesWithOneName() {
        assertThat(parse("{\"a\": 1, \"b\": {\"c\": 2}, \"a\": 3, \"b\": 4}").toString())
                .isEqualTo("{\"a\":3,\"b\":4}");
    }

    @Test
    void readsPastAByteOrderMark() {
        assertThat(parse("\uFEFF{\"a\": 1}").path("a").intValue()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\": 1,}",
                "[1, 2,]",
                "{\"a\": 1 // why\n}",
                "{/* why */ \"a\": 1}",
                "# why\n{}",
                "{'a': 1}",
                "{a: 1}",
                "{\"a\": 01}",
                "{\"a\": tru}",
                "{\"a\": \"\n\"}",
                "{\"a\": 1",
                "{\"a\": \"b",
                "[",
                "{} {}",
                "{} x",
                "",
                "  ",
                "\u0000"
            })
    void refusesWhatPythonRefuses(String text) {
        assertThat(rejected(text)).isNotBlank();
    }

    @Test
    void saysLineAndKeyAndWhatStandsThere() {
        assertThat(rejected("{\"a\": 1,\n \"b\": {\"c\": [1, 2, x]}}"))
                .contains("line 2", "'b.c[2]'", "'x]}}' is not expected");
        assertThat(rejected("{\n \"a\": 1,\n}")).contains("line 3", "column", "(a comma before it?)");
        assertThat(rejected("{\n \"a\": 1, // why\n}")).contains("line 2", "'a'", "(a comment?)");
        assertThat(rejected("{\n \"a\": {\"b\": ")).contains("line 2", "'a.b'", "ends");
        assertThat(rejected("{}\n\n{}")).contains("line 3", "more text", "white space");
    }

    @Test
    void limitsDepth() {
        parse("[".repeat(ModelJson.MAX_DEPTH) + "]".repeat(ModelJson.MAX_DEPTH));
        assertThat(rejected("[".repeat(ModelJson.MAX_DEPTH + 1) + "]".repeat(ModelJson.MAX_DEPTH + 1)))
                .contains("nested too deep", "64 levels");
    }

    @Test
    void refusesWhatIsNotUtf8() {
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> ModelJson.parse(new byte[] {'"', (byte) 0xC3, '"'}, "x"))
                .withMessageContaining("not UTF-8 at byte 1");
    }
}
