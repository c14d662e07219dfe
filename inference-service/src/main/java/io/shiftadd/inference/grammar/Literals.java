package io.shiftadd.inference.grammar;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Values written out, as in {@code enum} and {@code const}. */
final class Literals {

    private static final JsonMapper JSON = JsonMapper.shared();

    private Literals() {}

    static String text(String name) {
        return JSON.writeValueAsString(name);
    }

    /** @param type keyword that restricts the values too; null = there is none */
    static Rule of(Collection<JsonNode> values, @Nullable JsonNode type, String where) {
        List<String> texts = values.stream()
                .filter(value -> type == null || isOf(value, type))
                .map(JSON::writeValueAsString)
                .toList();
        if (texts.isEmpty()) {
            throw new SchemaException(where, "has no value of the type that the schema names");
        }
        return new LiteralRule(texts);
    }

    private static boolean isOf(JsonNode value, JsonNode type) {
        if (type.isArray()) {
            return type.values().stream().anyMatch(option -> isOf(value, option));
        }
        return switch (type.stringValue()) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "number" -> value.isNumber();
            case "integer" -> value.isIntegralNumber();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            default -> false;
        };
    }
}
