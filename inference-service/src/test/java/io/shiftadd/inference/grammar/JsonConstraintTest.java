package io.shiftadd.inference.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.shiftadd.inference.generation.TokenConstraint;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Random walks through what a constraint allows: whatever is drawn, the text is JSON and meets the schema. */
class JsonConstraintTest {

    private static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    private final byte[][] tokens = tokens();
    private final VocabularyTrie vocabulary = new VocabularyTrie(tokens);
    private final JsonSchemas schemas = new JsonSchemas();

    /** Every byte, and what real vocabularies join: punctuation, words, indents, parts of characters. */
    private static byte[][] tokens() {
        List<byte[]> tokens = new ArrayList<>();
        tokens.add(new byte[0]);
        for (int b = 0; b < 256; b++) {
            tokens.add(new byte[] {(byte) b});
        }
        String[] joined = {
            "{\"", "\":", "\", \"", "\"}", "},", "}}", "[[", "]]", "],[", " \"", "\n    ", "\\n", "\\u00", "true",
            "false", "null", " true", "the", " and", "name", "12", "0.5", "e+", "-1", "é", "日本", "\"\"", "{}", "[]",
            ": {", "a\":1"
        };
        for (String text : joined) {
            tokens.add(text.getBytes(StandardCharsets.UTF_8));
        }
        tokens.add(new byte[] {(byte) 0xE2, (byte) 0x82});
        tokens.add("name".getBytes(StandardCharsets.UTF_8));
        return tokens.toArray(byte[][]::new);
    }

    private String walk(JsonGrammar grammar, int maxTokens, Random random) {
        TokenConstraint constraint = grammar.constraint(maxTokens);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int used = 0;
        while (!constraint.mustEnd() && !(constraint.mayEnd() && random.nextInt(4) == 0)) {
            assertThat(used).as("tokens after %s", text).isLessThan(maxTokens);
            BitSet allowed = constraint.allowed(maxTokens - used);
            int count = allowed.cardinality();
            if (count == 0) {
                assertThat(constraint.mayEnd()).isTrue();
                break;
            }
            int token = allowed.stream().skip(random.nextInt(count)).findFirst().orElseThrow();
            constraint.accept(token);
            text.writeBytes(tokens[token]);
            used++;
            if (used == maxTokens) {
                assertThat(constraint.mayEnd()).as("complete: %s", text).isTrue();
                break;
            }
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    @Test
    void alwaysMakesAnObjectWithoutDuplicateNames() {
        JsonGrammar grammar = JsonGrammar.object(vocabulary);
        Random random = new Random(1);
        for (int i = 0; i < 400; i++) {
            String text = walk(grammar, 2 + random.nextInt(60), random);
            assertThat(text).doesNotContain("\uFFFD");
            assertThat(STRICT.readTree(text).isObject()).as(text).isTrue();
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
        JsonNode schema = STRICT.readTree(text);
        var judge = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema);
        JsonGrammar grammar = schemas.compile(schema, vocabulary);
        int least = grammar.shortestTokens().orElseThrow();
        Random random = new Random(2);
        for (int i = 0; i < 150; i++) {
            String made = walk(grammar, least + random.nextInt(80), random);
            assertThat(judge.validate(STRICT.readTree(made))).as(made).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"string\",\"pattern\":\"a+\"}",
                "{\"not\":{\"type\":\"string\"}}",
                "{\"oneOf\":[{\"type\":\"string\"}]}",
                "{\"type\":\"integer\",\"multipleOf\":3}",
                "{\"type\":\"object\",\"patternProperties\":{\"a\":{}}}",
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
                "{\"type\":\"string\",\"maxLength\":1e308}",
                "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"type\":[[1],\"null\"]}}}",
                "false"
            })
    void refusesWhatItCannotKeepTo(String schema) {
        assertThatThrownBy(() -> schemas.compile(STRICT.readTree(schema), vocabulary))
                .isInstanceOf(SchemaException.class);
    }

    @Test
    void refusesSchemasThatAreTooLongOrTooDeep() {
        String values = "\"" + "x".repeat(70_000) + "\"";
        assertThatThrownBy(() -> schemas.compile(STRICT.readTree("{\"const\":" + values + "}"), vocabulary))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("longer");
        StringBuilder chain = new StringBuilder("{\"$ref\":\"#/$defs/d0\",\"$defs\":{");
        for (int i = 0; i < 500; i++) {
            chain.append("\"d%d\":{\"$ref\":\"#/$defs/d%d\"},".formatted(i, i + 1));
        }
        JsonNode deep =
                STRICT.readTree(chain.append("\"d500\":{\"type\":\"null\"}}}").toString());
        assertThatThrownBy(() -> schemas.compile(deep, vocabulary))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("deep");
    }

    @Test
    void takesLongValues() {
        JsonGrammar grammar =
                schemas.compile(STRICT.readTree("{\"const\":\"" + "y".repeat(20_000) + "\"}"), vocabulary);
        assertThat(grammar.shortestTokens()).hasValue(20_002);
    }

    @Test
    void refusesAVocabularyThatCannotSpellIt() {
        VocabularyTrie letters = new VocabularyTrie(new byte[][] {{'a'}, {'b'}});
        assertThat(JsonGrammar.object(letters).shortestTokens()).isEmpty();
    }

    @Test
    void refusesABudgetThatIsTooSmall() {
        JsonGrammar grammar = schemas.compile(STRICT.readTree("{\"const\":\"xyz\"}"), vocabulary);
        assertThat(grammar.shortestTokens()).hasValue(5);
        assertThatThrownBy(() -> grammar.constraint(4)).isInstanceOf(IllegalArgumentException.class);
    }
}
