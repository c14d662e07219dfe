package io.shiftadd.inference.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.grammar.schema.SchemaException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Random schemas: each is compiled or refused by name, and whatever a compiled one writes is valid. */
class SchemaFuzzTest {

    private static final int SCHEMAS = Integer.getInteger("shiftadd.fuzz.schemas", 400);

    @Test
    void everySchemaIsKeptToOrRefusedByName() {
        int compiled = 0;
        for (int seed = 0; seed < SCHEMAS; seed++) {
            JsonNode schema = new RandomSchemas(new Random(seed)).document();
            JsonGrammar grammar;
            try {
                grammar = Walk.grammar(schema);
            } catch (SchemaException e) {
                assertThat(e.getMessage()).as("%s", schema).isNotBlank().doesNotContain("Exception");
                continue;
            }
            compiled++;
            Judge judge = Judge.of(schema);
            for (String text : Walk.texts(grammar, 4, 60, seed)) {
                assertThat(judge.errors(text))
                        .as("schema %d %s: %s", seed, schema, text)
                        .isEmpty();
            }
        }
        assertThat(compiled).isGreaterThan(SCHEMAS / 3);
    }

    /** Scalars that a schema allows can be written, whatever keywords it has. */
    @Test
    void scalarsThatMeetASchemaCanBeWritten() {
        int asked = 0;
        for (int seed = 0; seed < SCHEMAS; seed++) {
            RandomSchemas random = new RandomSchemas(new Random(seed));
            JsonNode schema = random.document();
            if (!schema.has("type")) {
                continue;
            }
            JsonGrammar grammar;
            try {
                grammar = Walk.grammar(schema);
            } catch (SchemaException e) {
                continue;
            }
            Judge judge = Judge.of(schema);
            for (int i = 0; i < 6; i++) {
                JsonNode value = random.value();
                if (!value.isContainer() && judge.takes(value)) {
                    asked++;
                    assertThat(Walk.accepts(grammar, value.toString()))
                            .as("schema %d %s: %s", seed, schema, value)
                            .isTrue();
                }
            }
        }
        assertThat(asked).isGreaterThan(SCHEMAS / 20);
    }
}
