package io.shiftadd.inference.openai.structure;

import io.shiftadd.inference.grammar.rule.AnyRule;
import io.shiftadd.inference.grammar.rule.Rule;
import io.shiftadd.inference.grammar.schema.SchemaException;
import io.shiftadd.inference.openai.error.ApiException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Turns what an answer must be into the rule of its texts. */
@Component
public class Structure {

    private final SchemaCompilation compiling = new SchemaCompilation();

    /**
     * @return null when any text will do
     * @throws ApiException when the schema is not supported
     */
    @Nullable
    public Rule rule(ResponseFormat format) {
        return switch (format) {
            case ResponseFormat.Text() -> null;
            case ResponseFormat.JsonObject() -> AnyRule.object();
            case ResponseFormat.JsonSchema(JsonNode schema, String where) -> rule(schema, where);
        };
    }

    /**
     * @param where the schema is in the request
     * @throws ApiException when the schema is not supported
     */
    public Rule rule(JsonNode schema, String where) {
        try {
            return compiling.compile(schema);
        } catch (SchemaException e) {
            String field = where + e.where().replace('/', '.');
            String at = e.where().isEmpty() ? "" : " (in the schema at '" + e.where() + "')";
            throw ApiException.invalid(field, "'" + field + "'" + at + " " + e.getMessage());
        }
    }
}
