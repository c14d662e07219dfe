package io.shiftadd.inference.conversation;

import io.shiftadd.inference.openai.error.ApiException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A function that the model may ask the client to call.
 *
 * @param parameters the schema of its arguments, which are an object
 * @param where the schema is in the request, for errors
 */
public record Tool(String name, @Nullable String description, ObjectNode parameters, String where) {

    /** Tools of one request; their schemas are part of every prompt. */
    public static final int MOST = 512;

    public static final String NAME_EXPECTED = "a name of 1 to 128 letters, digits, _, -, . and :";

    /** What may stand before {@code =} in the arguments of a call. */
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]{1,128}");

    /**
     * @param parameters null = it takes none
     * @throws ApiException when the name is none, or the schema is not that of an object
     */
    public static Tool of(
            String name, String nameWhere, @Nullable String description, @Nullable JsonNode parameters, String where) {
        if (!NAME.matcher(name).matches()) {
            throw ApiException.invalid(nameWhere, "'" + nameWhere + "' must be " + NAME_EXPECTED);
        }
        return new Tool(name, description, schema(parameters, where), where);
    }

    private static ObjectNode schema(@Nullable JsonNode parameters, String where) {
        if (parameters == null) {
            ObjectNode none = JsonNodeFactory.instance.objectNode().put("type", "object");
            none.putObject("properties");
            return none.put("additionalProperties", false);
        }
        if (!(parameters instanceof ObjectNode schema)) {
            throw ApiException.invalid(where, "'" + where + "' must be a JSON schema of an object");
        }
        JsonNode type = schema.path("type");
        boolean open = type.isMissingNode() || type.isNull();
        boolean object = type.asString("").equals("object")
                || type.isArray()
                        && type.valueStream().anyMatch(one -> one.asString("").equals("object"));
        if (!open && !object) {
            throw ApiException.invalid(
                    where + ".type", "'" + where + ".type' must be 'object': the arguments of a call are an object");
        }
        return schema;
    }

    /** The schema of what is written: an object, also where the client's does not say so. */
    ObjectNode arguments() {
        return parameters.deepCopy().put("type", "object");
    }

    /** The schema of what is written as {@code name=value}; empty when a name that is listed is no identifier. */
    public Optional<ObjectNode> keywords() {
        ObjectNode schema = arguments();
        boolean free = schema.has("propertyNames") || schema.has("$id") || schema.has("$anchor");
        boolean listed = schema.path("properties").propertyNames().stream()
                .allMatch(name -> IDENTIFIER.matcher(name).matches());
        if (free || !listed) {
            return Optional.empty();
        }
        schema.putObject("propertyNames").put("pattern", "^" + IDENTIFIER + "$");
        return Optional.of(schema);
    }

    /** As chat templates know tools. */
    ObjectNode definition() {
        ObjectNode definition = JsonNodeFactory.instance.objectNode().put("type", "function");
        ObjectNode function = definition.putObject("function").put("name", name);
        if (description != null) {
            function.put("description", description);
        }
        function.set("parameters", parameters);
        return definition;
    }
}
