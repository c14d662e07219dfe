package io.shiftadd.inference.grammar;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads JSON schemas (draft 2020-12): checks them against the specification's own schema, then makes grammars of them. */
public final class JsonSchemas {

    private final Schema specification = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));

    /**
     * @throws SchemaException when it is no schema, uses a keyword that is not supported, or nothing can meet it
     */
    public JsonGrammar compile(JsonNode schema, VocabularyTrie vocabulary) {
        return new JsonGrammar(rule(schema), vocabulary);
    }

    Rule rule(JsonNode schema) {
        try {
            requireSchema(schema);
            return new SchemaCompiler(schema).compile();
        } catch (JacksonException | IllegalArgumentException | ArithmeticException e) {
            // The validator fails at numbers beyond its own, and does not look into every part that is referred to.
            throw new SchemaException("", "is not a JSON schema: " + e.getMessage());
        }
    }

    private void requireSchema(JsonNode schema) {
        List<Error> errors = specification.validate(schema);
        if (!errors.isEmpty()) {
            Error first = errors.getFirst();
            throw new SchemaException(
                    first.getInstanceLocation().toString(), "is not a JSON schema: " + first.getMessage());
        }
    }
}
