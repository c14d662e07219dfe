package io.shiftadd.inference.grammar;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A validator that nobody here wrote, with formats asserted: what it says of a value is right. */
final class Judge {

    private final Schema schema;

    private Judge(Schema schema) {
        this.schema = schema;
    }

    static Judge of(JsonNode schema) {
        SchemaRegistryConfig config =
                SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build();
        return new Judge(SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaRegistryConfig(config))
                .getSchema(schema));
    }

    List<Error> errors(String text) {
        return schema.validate(Walk.STRICT.readTree(text));
    }

    boolean takes(JsonNode value) {
        return schema.validate(value).isEmpty();
    }
}
