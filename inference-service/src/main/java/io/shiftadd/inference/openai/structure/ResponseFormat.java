package io.shiftadd.inference.openai.structure;

import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.request.Fields;
import io.shiftadd.inference.openai.request.KnownFields;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What an answer must be. */
public sealed interface ResponseFormat {

    /** Any text. */
    record Text() implements ResponseFormat {}

    /** Any JSON object. */
    record JsonObject() implements ResponseFormat {}

    /**
     * JSON that meets a schema.
     *
     * @param where the schema is in the request
     */
    record JsonSchema(JsonNode schema, String where) implements ResponseFormat {}

    String SCHEMA_PATH = "response_format.json_schema.schema";
    Set<String> KNOWN = KnownFields.of(ResponseFormatBody.class);
    Set<String> KNOWN_OF_SCHEMA = KnownFields.of(ResponseFormatBody.JsonSchemaBody.class);

    /** The field of the request that asks for it. */
    static String where(ResponseFormat format) {
        return format instanceof JsonSchema(JsonNode schema, String where) && !where.equals(SCHEMA_PATH)
                ? where
                : "response_format";
    }

    static ResponseFormat read(@Nullable Fields format) {
        if (format == null) {
            return new Text();
        }
        String expected = "'text', 'json_object' or 'json_schema'";
        String type = format.text("type", expected);
        if (format.has("json_schema") && !type.equals("json_schema")) {
            throw ApiException.invalid(
                    format.at("json_schema"), "'json_schema' needs the type 'json_schema', which is '" + type + "'");
        }
        return switch (type) {
            case "text" -> new Text();
            case "json_object" -> new JsonObject();
            case "json_schema" -> schema(format);
            default -> throw format.wrong("type", expected);
        };
    }

    private static ResponseFormat schema(Fields format) {
        Fields fields = format.nested("json_schema", KNOWN_OF_SCHEMA);
        if (fields == null) {
            throw format.wrong("json_schema", "an object with a name and a schema");
        }
        String expected = "a name of letters, digits, _ and -, at most 64";
        if (!fields.text("name", expected).matches("[a-zA-Z0-9_-]{1,64}")) {
            throw fields.wrong("name", expected);
        }
        fields.optionalText("description", "a text");
        fields.flag("strict");
        JsonNode schema = fields.get("schema");
        if (schema == null) {
            return new JsonObject();
        }
        if (!schema.isObject()) {
            throw fields.wrong("schema", "a JSON schema");
        }
        return new JsonSchema(schema, SCHEMA_PATH);
    }
}
