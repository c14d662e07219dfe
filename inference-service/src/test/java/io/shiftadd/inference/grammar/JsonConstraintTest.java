package io.shiftadd.inference.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.shiftadd.inference.grammar.rule.AnyRule;
import io.shiftadd.inference.grammar.schema.SchemaCompiler;
import io.shiftadd.inference.grammar.schema.SchemaException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Random walks through what a constraint allows: whatever is drawn, the text is JSON and meets the schema. */
class JsonConstraintTest {

    private final VocabularyTrie vocabulary = Walk.VOCABULARY;

    @Test
    void alwaysMakesAnObjectWithoutDuplicateNames() {
        JsonGrammar grammar = anyObject(vocabulary);
        Random random = new Random(1);
        for (int i = 0; i < 150; i++) {
            String text = Walk.text(grammar, 2 + random.nextInt(60), random);
            assertThat(text).doesNotContain("\uFFFD");
            assertThat(Walk.STRICT.readTree(text).isObject()).as(text).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},\"age\":{\"type\":\"integer\",\"minimum\":3,\"maximum\":120},\"tags\":{\"type\":\"array\",\"items\":{\"enum\":[\"a\",\"b\",\"é\"]},\"minItems\":1,\"maxItems\":3}},\"required\":[\"name\",\"tags\"],\"additionalProperties\":false}",
                "{\"type\":\"array\",\"items\":{\"type\":\"number\",\"exclusiveMinimum\":-1.25,\"exclusiveMaximum\":0.5},\"minItems\":2,\"maxItems\":4}",
                "{\"type\":\"object\",\"properties\":{\"value\":{\"type\":\"integer\"},\"next\":{\"anyOf\":[{\"$ref\":\"#\"},{\"type\":\"null\"}]}},\"required\":[\"value\",\"next\"],\"additionalProperties\":false}",
                "{\"$defs\":{\"s\":{\"type\":\"string\",\"minLength\":2,\"maxLength\":4}},\"type\":\"object\",\"additionalProperties\":{\"$ref\":\"#/$defs/s\"}}",
                "{\"type\":\"object\",\"properties\":{\"0\":{\"type\":\"boolean\"}},\"required\":[\"0\",\"1\"],\"additionalProperties\":true}",
                "{\"type\":[\"string\",\"null\",\"boolean\"]}",
                "{\"const\":{\"a\":[1,\"x\\ny\",null]}}",
                "{\"type\":\"array\",\"prefixItems\":[{\"type\":\"string\"},{\"type\":\"integer\",\"minimum\":-7,\"maximum\":-3}],\"items\":false,\"minItems\":2,\"maxItems\":2}",
                "{\"type\":\"number\",\"minimum\":0.001,\"maximum\":0.002}",
                "{\"type\":\"integer\",\"minimum\":99,\"maximum\":1001}",
                "{\"allOf\":[{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"object\",\"properties\":{\"b\":{}}}}}]}",
                "true"
            })
    void meetsTheSchema(String text) {
        JsonNode schema = Walk.STRICT.readTree(text);
        var judge = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema);
        JsonGrammar grammar = compile(schema, vocabulary);
        int least = grammar.shortestTokens().orElseThrow();
        Random random = new Random(2);
        for (int i = 0; i < 50; i++) {
            String made = Walk.text(grammar, least + random.nextInt(80), random);
            assertThat(judge.validate(Walk.STRICT.readTree(made))).as(made).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"string\",\"pattern\":\"a\\\\b\"}",
                "{\"not\":{\"type\":\"string\"}}",
                "{\"oneOf\":[{\"type\":\"string\"},{\"minLength\":1,\"type\":\"string\"}]}",
                "{\"type\":\"number\",\"multipleOf\":0.3}",
                "{\"$ref\":\"http://127.0.0.1:9/schema\"}",
                "{\"$ref\":\"#/nowhere\"}",
                "{\"$ref\":\"#\"}",
                "{\"type\":\"objekt\"}",
                "{\"type\":\"integer\",\"minimum\":5,\"maximum\":4}",
                "{\"type\":\"integer\",\"minimum\":1e300}",
                "{\"type\":\"string\",\"minLength\":3,\"maxLength\":2}",
                "{\"type\":\"object\",\"required\":[\"a\"],\"additionalProperties\":false}",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#\"}},\"required\":[\"a\"]}",
                "{\"minItems\":\"two\"}",
                "{\"type\":\"string\",\"enum\":[1,2]}",
                "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"type\":[[1],\"null\"]}}}",
                "false"
            })
    void refusesWhatItCannotKeepTo(String schema) {
        assertThatThrownBy(() -> compile(Walk.STRICT.readTree(schema), vocabulary))
                .isInstanceOf(SchemaException.class);
    }

    @Test
    void refusesSchemasThatAreTooLong() {
        String values = "\"" + "x".repeat(70_000) + "\"";
        assertThatThrownBy(() -> compile(Walk.STRICT.readTree("{\"const\":" + values + "}"), vocabulary))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("longer");
    }

    @Test
    void takesLongValues() {
        JsonGrammar grammar = compile(Walk.STRICT.readTree("{\"const\":\"" + "y".repeat(20_000) + "\"}"), vocabulary);
        assertThat(grammar.shortestTokens()).hasValue(20_002);
    }

    @Test
    void refusesAVocabularyThatCannotSpellIt() {
        VocabularyTrie letters = new VocabularyTrie(new byte[][] {{'a'}, {'b'}});
        assertThat(anyObject(letters).shortestTokens()).isEmpty();
    }

    @Test
    void refusesABudgetThatIsTooSmall() {
        JsonGrammar grammar = compile(Walk.STRICT.readTree("{\"const\":\"xyz\"}"), vocabulary);
        assertThat(grammar.shortestTokens()).hasValue(5);
        assertThatThrownBy(() -> grammar.constraint(4)).isInstanceOf(IllegalArgumentException.class);
    }

    private static JsonGrammar compile(JsonNode schema, VocabularyTrie vocabulary) {
        return new JsonGrammar(SchemaCompiler.compile(schema), vocabulary);
    }

    private static JsonGrammar anyObject(VocabularyTrie vocabulary) {
        return new JsonGrammar(AnyRule.object(), vocabulary);
    }
}
