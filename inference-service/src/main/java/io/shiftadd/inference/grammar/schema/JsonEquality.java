package io.shiftadd.inference.grammar.schema;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** When two JSON values are the same, as JSON Schema has it: numbers by value, objects whatever their order. */
final class JsonEquality {

    private static final JsonMapper JSON = JsonMapper.shared();

    private JsonEquality() {}

    static boolean equal(JsonNode a, JsonNode b) {
        return a == b || canonical(a).equals(canonical(b));
    }

    /** Equal for values that are the same. */
    static Object canonical(JsonNode value) {
        if (value.isNumber()) {
            return Numerals.exact(value);
        }
        if (value.isObject()) {
            return value.properties().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, e -> canonical(e.getValue())));
        }
        return value.isArray()
                ? value.values().stream()
                        .map((Function<JsonNode, Object>) JsonEquality::canonical)
                        .toList()
                : value;
    }

    /** As it is written: whole numbers without a point. */
    static String text(JsonNode value) {
        boolean whole = value.isNumber()
                && Numerals.isWhole(value)
                && Numerals.exact(value).precision() <= 20
                && Numerals.exact(value).scale() >= -15;
        return whole ? Numerals.exact(value).toPlainString() : JSON.writeValueAsString(value);
    }

    static String text(String name) {
        return JSON.writeValueAsString(name);
    }
}
