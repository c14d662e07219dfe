package io.shiftadd.inference.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Schemas as pydantic and zod write them work unmodified; the scripts beside the files made them. */
class GeneratedSchemasTest {

    static Stream<Arguments> schemas() {
        return Stream.of("pydantic", "zod")
                .flatMap(library -> read(library).properties().stream()
                        .filter(schema -> schema.getValue().isObject())
                        .map(schema -> Arguments.of(library + ": " + schema.getKey(), schema.getValue())));
    }

    private static JsonNode read(String library) {
        InputStream in = GeneratedSchemasTest.class.getResourceAsStream("/schemas/" + library + ".json");
        return Walk.STRICT.readTree(Objects.requireNonNull(in));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("schemas")
    void writesWhatTheValidatorTakes(String name, JsonNode schema) {
        Judge judge = Judge.of(schema);
        for (String text : Walk.texts(Walk.grammar(schema), 6, 90, 3)) {
            assertThat(judge.errors(text)).as("%s: %s", name, text).isEmpty();
        }
    }
}
