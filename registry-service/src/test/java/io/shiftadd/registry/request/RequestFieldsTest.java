package io.shiftadd.registry.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.shiftadd.http.problem.FieldError;
import io.shiftadd.http.problem.ProblemException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class RequestFieldsTest {

    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void readsWhatIsThere() {
        RequestFields fields = fields("{'a': 'text', 'b': 3, 'c': 2.5, 'd': true, 'e': 'SECONDS'}");
        assertThat(fields.text("a", 10)).isEqualTo("text");
        assertThat(fields.integer("b", 0, 5)).isEqualTo(3);
        assertThat(fields.number("c", 0, 5)).isEqualTo(2.5);
        assertThat(fields.flag("d")).isTrue();
        assertThat(fields.choice("e", List.of(TimeUnit.SECONDS, TimeUnit.DAYS))).isEqualTo(TimeUnit.SECONDS);
        fields.finish();
    }

    @Test
    void takesNullForAbsent() {
        RequestFields fields = fields("{'a': null, 'b': null, 'c': null}");
        assertThat(fields.text("a", 10)).isNull();
        assertThat(fields.whole("b", 0, 5)).isNull();
        assertThat(fields.flag("c")).isNull();
        fields.finish();
    }

    @Test
    void readsObjectsWithinAndReportsTheirMistakesWithTheRest() {
        RequestFields fields = fields("{'o': {'a': 9, 'b': 2, 'unknown': 1}, 'p': 3}");
        RequestFields object = fields.object("o", "an object");
        assertThat(object.integer("a", 0, 5)).isNull();
        assertThat(object.integer("b", 0, 5)).isEqualTo(2);
        assertThat(fields.object("p", "an object")).isNull();
        assertThat(fields.object("q", "an object")).isNull();
        assertThat(catchThrowableOfType(ProblemException.class, fields::finish).errors())
                .extracting(FieldError::field, FieldError::message)
                .containsExactly(
                        tuple("o.a", "is 9"),
                        tuple("p", "is a number"),
                        tuple("o.unknown", "is not a field of this request"));
    }

    @Test
    void acceptsBothEndsOfARange() {
        RequestFields fields = fields("{'a': 2, 'b': 4, 'c': 2, 'd': 4.0}");
        assertThat(fields.integer("a", 2, 4)).isEqualTo(2);
        assertThat(fields.integer("b", 2, 4)).isEqualTo(4);
        assertThat(fields.number("c", 2, 4)).isEqualTo(2);
        assertThat(fields.number("d", 2, 4)).isEqualTo(4);
        fields.finish();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "5", "2.5", "'3'", "true", "[3]", "{}", "1e400", "99999999999999999999"})
    void refusesWhatIsNoWholeNumberInRange(String value) {
        assertThat(errors("{'a': %s}".formatted(value), fields -> fields.integer("a", 2, 4)))
                .singleElement()
                .satisfies(error -> {
                    assertThat(error.field()).isEqualTo("a");
                    assertThat(error.limit()).isEqualTo("a whole number from 2 to 4");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "3.0", "30e-1", "0.3E1"})
    void aWholeNumberIsTheSameHoweverItIsWritten(String value) {
        RequestFields fields = fields("{'a': %s}".formatted(value));
        assertThat(fields.integer("a", 2, 4)).isEqualTo(3);
        fields.finish();
    }

    @Test
    void saysWhatIsWrongWithANumberAndNothingElse() {
        assertThat(errors("{'a': 2.5}", fields -> fields.integer("a", 2, 4)))
                .extracting(FieldError::message, FieldError::remedy)
                .containsExactly(tuple("is 2.5", null));
        assertThat(errors("{'a': 1e400}", fields -> fields.number("a", 2, 4)))
                .extracting(FieldError::message)
                .containsExactly("is a number that is too large (beyond 1.8e308)");
        assertThat(errors("{'a': '3'}", fields -> fields.integer("a", 2, 4)))
                .extracting(FieldError::remedy)
                .containsExactly("send a whole number without quotes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "12345678901"})
    void refusesEmptyAndLongTexts(String value) {
        assertThat(errors("{'a': '%s'}".formatted(value), fields -> fields.text("a", 10)))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "..", ".hidden", "-x", "a b", "ä", "a\\n", "4b4d9d1e-6a1f-4c5e-9f0e-2b8a5f6f1c11"})
    void refusesNamesThatAreNoPartOfAPath(String value) {
        assertThat(errors("{'a': '%s'}".formatted(value), fields -> fields.name("a")))
                .hasSize(1);
    }

    @Test
    void reportsAMissingFieldOnce() {
        assertThat(errors("{}", fields -> fields.require("a", fields.text("a", 10), "a text")))
                .extracting(FieldError::message)
                .containsExactly("is missing");
        assertThat(errors("{'a': 3}", fields -> fields.require("a", fields.text("a", 10), "a text")))
                .extracting(FieldError::message)
                .containsExactly("is a number");
    }

    @Test
    void quotesUnknownFieldsWithoutTrustingThem() {
        String hostile = "x\\u0000\\u001b[31m" + "y".repeat(500);
        FieldError error =
                errors("{'" + hostile + "': 1}", fields -> fields.has("known")).getFirst();
        assertThat(error.field()).hasSizeLessThan(70).doesNotContain("\u0000", "\u001b");
        assertThat(error.remedy()).isEqualTo("valid are known");
    }

    @Test
    void refusesWhatIsNoObject() {
        for (String body : List.of("[]", "3", "'x'", "null", "true")) {
            assertThatThrownBy(() -> fields(body))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("send a JSON object");
        }
    }

    private static RequestFields fields(String json) {
        return RequestFields.of(JSON.readTree(json.replace('\'', '"')));
    }

    private static List<FieldError> errors(String json, Consumer<RequestFields> reading) {
        RequestFields fields = fields(json);
        reading.accept(fields);
        return catchThrowableOfType(ProblemException.class, fields::finish).errors();
    }
}
