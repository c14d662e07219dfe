package io.shiftadd.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WholeNumberTest {

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    @ParameterizedTest
    @CsvSource({
        "16, 16",
        "16.0, 16",
        "1.6e1, 16",
        "160E-1, 16",
        "-0.0, 0",
        "1E2, 100",
        "-7.0, -7",
        "9223372036854775807, 9223372036854775807",
        "-9.223372036854775808e18, -9223372036854775808"
    })
    void isTheSameHoweverItIsWritten(String written, long number) {
        assertThat(WholeNumber.of(json(written))).hasValue(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"16.5", "1e-1", "1e400", "-1e400", "1e20", "9223372036854775808", "\"16\"", "true", "[16]"})
    void isNoneWhenItHasAFractionOrDoesNotFitOrIsNoNumber(String written) {
        assertThat(WholeNumber.of(json(written))).isEmpty();
    }

    @Test
    void saysThatANumberIsTooLarge() {
        assertThat(WholeNumber.shown(json("1e400"))).contains("too large").doesNotContain("Infinity");
        assertThat(WholeNumber.shown(json("16.5"))).isEqualTo("16.5");
    }
}
