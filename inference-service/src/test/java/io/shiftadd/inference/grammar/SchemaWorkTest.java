package io.shiftadd.inference.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.inference.generation.ConstraintException;
import io.shiftadd.inference.generation.sampling.TokenConstraint;
import io.shiftadd.inference.grammar.schema.SchemaException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Work is weighed: ways to read a text are shared, and what takes too much is refused by a budget of steps. */
class SchemaWorkTest {

    private static String ladder(int levels, int width) {
        String definitions = IntStream.range(0, levels)
                .mapToObj(i -> "\"a%d\":{\"anyOf\":[%s]}"
                        .formatted(
                                i,
                                IntStream.range(0, width)
                                        .mapToObj(j -> "{\"$ref\":\"#/$defs/a%d\"}".formatted(i + 1))
                                        .collect(Collectors.joining(","))))
                .collect(Collectors.joining(","));
        return "{\"$ref\":\"#/$defs/a0\",\"$defs\":{%s,\"a%d\":{\"type\":\"integer\"}}}".formatted(definitions, levels);
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 200})
    void aLadderOfChoicesIsOneWay(int levels) {
        JsonGrammar grammar = Walk.grammar(ladder(levels, 2));
        assertThat(Walk.texts(grammar, 20, 20, 1)).allMatch(text -> text.strip().matches("-?\\d+"));
    }

    @Test
    void aWideLadderIsOneWay() {
        assertThat(Walk.accepts(Walk.grammar(ladder(12, 8)), "17")).isTrue();
    }

    /** Three ways to read each array: 3ⁿ for n of them, were they not shared. */
    @Test
    void ambiguousArraysAreReadAtAnyDepth() {
        String x = "{\"$ref\":\"#/$defs/x\"}";
        JsonGrammar grammar = Walk.grammar("{\"$defs\":{\"x\":{\"anyOf\":[{\"type\":\"array\",\"items\":" + x
                + "},{\"type\":\"array\",\"items\":" + x + ",\"minItems\":1},{\"type\":\"array\",\"prefixItems\":[" + x
                + "]},{\"type\":\"integer\"}]}},\"$ref\":\"#/$defs/x\"}");
        String deep = "[1,[2,[".repeat(30) + "3" + "],4],[5]]".repeat(30);
        assertThat(Walk.accepts(grammar, deep)).isTrue();
    }

    @Test
    void ambiguousObjectsAreReadAtAnyDepth() {
        String options = IntStream.range(0, 20)
                .mapToObj(i ->
                        "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#/$defs/x\"},\"b%d\":{\"type\":\"integer\"}}}"
                                .formatted(i))
                .collect(Collectors.joining(","));
        JsonGrammar grammar = Walk.grammar(
                "{\"$defs\":{\"x\":{\"anyOf\":[" + options + ",{\"type\":\"integer\"}]}},\"$ref\":\"#/$defs/x\"}");
        assertThat(Walk.accepts(grammar, "{\"a\":".repeat(20) + "{\"b7\":1}" + "}".repeat(20)))
                .isTrue();
        assertThat(Walk.accepts(grammar, "{\"a\":{\"b7\":1,\"b8\":2}}")).isFalse();
    }

    @Test
    void stringsThatCoverEachOtherAreOne() {
        String options = IntStream.range(0, 500)
                .mapToObj(i -> "{\"type\":\"string\",\"maxLength\":%d}".formatted(100 + i))
                .collect(Collectors.joining(","));
        assertThat(Walk.texts(Walk.grammar("{\"anyOf\":[" + options + "]}"), 3, 100, 1))
                .hasSize(3);
    }

    /** Many ways that never come together again end this choice, and say why. */
    @Test
    void tooManyWaysToReadOneTextEndTheChoice() {
        String options = IntStream.range(0, 400)
                .mapToObj(i -> "{\"type\":\"array\",\"items\":{\"type\":\"string\",\"maxLength\":%d},\"maxItems\":%d}"
                        .formatted(5_000 + i, 500 + i))
                .collect(Collectors.joining(","));
        TokenConstraint constraint =
                Walk.grammar("{\"anyOf\":[" + options + "]}").constraint(6_000);
        int letter = 1 + 'a';
        constraint.accept(1 + '[');
        constraint.accept(1 + '"');
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 400; i++) {
                        constraint.allowed(5_900 - i);
                        constraint.accept(letter);
                    }
                })
                .isInstanceOf(ConstraintException.class)
                .hasMessageContaining("more work than a choice may");
    }

    /** Looking for a number within bounds takes a hundred times what comparing a letter does. */
    @Test
    void numbersWithinManyBoundsAtOnceEndTheChoiceToo() {
        String options = IntStream.range(0, 400)
                .mapToObj(i -> "{\"type\":\"number\",\"minimum\":%d,\"maximum\":%d}".formatted(i, 1_000_000 + i))
                .collect(Collectors.joining(","));
        TokenConstraint constraint =
                Walk.grammar("{\"anyOf\":[" + options + "]}").constraint(100);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 10; i++) {
                        constraint.allowed(90 - i);
                        constraint.accept(1 + '5');
                    }
                })
                .isInstanceOf(ConstraintException.class)
                .hasMessageContaining("more work than a choice may");
    }

    @Test
    void numbersWithinAFewBoundsAreWrittenToTheirEnd() {
        String options = IntStream.range(0, 8)
                .mapToObj(i -> "{\"type\":\"number\",\"minimum\":%d,\"maximum\":%d}".formatted(i, 1_000_000 + i))
                .collect(Collectors.joining(","));
        assertThat(Walk.texts(Walk.grammar("{\"anyOf\":[" + options + "]}"), 3, 30, 1))
                .hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"string\",\"pattern\":\"(a|b)*a(a|b){20}\"}",
                "{\"type\":\"string\",\"pattern\":\"^(a{0,50}){0,50}$\"}",
                "{\"type\":\"string\",\"pattern\":\"^(?=.{1,253}$)([a-z]{1,62}\\\\.)*[a-z]{1,61}(-[a-z]{1,50})*$\"}",
                "{\"type\":\"string\",\"pattern\":\"^((a|b|c|d)(e|f|g|h)?){0,2000}$\",\"minLength\":2000}"
            })
    void patternsThatTakeTooMuchAreRefused(String schema) {
        assertThatThrownBy(() -> Walk.grammar(schema))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("takes more");
    }

    /** 8⁸ ways to choose, none of which can be left out before all are looked at. */
    @Test
    void choicesThatMultiplyAreRefused() {
        String all = IntStream.range(0, 8)
                .mapToObj(i -> "{\"anyOf\":[%s]}"
                        .formatted(IntStream.range(0, 8)
                                .mapToObj(j -> "{\"pattern\":\"%d_%d\"}".formatted(i, j))
                                .collect(Collectors.joining(","))))
                .collect(Collectors.joining(","));
        assertThatThrownBy(() -> Walk.grammar("{\"type\":\"string\",\"allOf\":[" + all + "]}"))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("more work");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"$ref\":\"#\"}",
                "{\"anyOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"}]}",
                "{\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"$ref\":\"#/$defs/a\"}},\"$ref\":\"#/$defs/a\"}",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#\"}},\"required\":[\"a\"]}",
                "{\"type\":\"array\",\"items\":{\"$ref\":\"#\"},\"minItems\":1}"
            })
    void refusesWhatRefersToItselfWithoutEnd(String schema) {
        assertThatThrownBy(() -> Walk.grammar(schema)).isInstanceOf(SchemaException.class);
    }

    @Test
    void takesLongChainsAndListsOfThousands() {
        String chain = IntStream.range(0, 1_000)
                .mapToObj(i -> "\"a%d\":{\"$ref\":\"#/$defs/a%d\"}".formatted(i, i + 1))
                .collect(Collectors.joining(","));
        Walk.grammar("{\"$ref\":\"#/$defs/a0\",\"$defs\":{" + chain + ",\"a1000\":{\"type\":\"integer\"}}}");
        String values =
                IntStream.range(0, 7_000).mapToObj(i -> "\"v" + i + "\"").collect(Collectors.joining(","));
        assertThat(Walk.accepts(Walk.grammar("{\"enum\":[" + values + "]}"), "\"v6999\""))
                .isTrue();
        String properties =
                IntStream.range(0, 3_000).mapToObj(i -> "\"p" + i + "\":{}").collect(Collectors.joining(","));
        JsonGrammar many = Walk.grammar("{\"type\":\"object\",\"properties\":{" + properties + "}}");
        assertThat(Walk.accepts(many, "{\"p7\":1,\"p2999\":2}")).isTrue();
    }
}
