package io.shiftadd.inference.grammar.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The keywords of one schema, read by type; what has the wrong type is refused by name. */
final class Keywords {

    private static final int MAX_COUNT = 10_000;

    private final JsonNode schema;
    private final String where;

    Keywords(JsonNode schema, String where) {
        this.schema = schema;
        this.where = where;
    }

    String where(String keyword) {
        return where + "/" + keyword;
    }

    static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    boolean has(String keyword) {
        return schema.has(keyword);
    }

    @Nullable
    JsonNode get(String keyword) {
        return schema.get(keyword);
    }

    SchemaException wrong(String keyword, String expected) {
        return new SchemaException(where(keyword), "is not what JSON Schema has there: it must be " + expected);
    }

    @Nullable
    String text(String keyword) {
        JsonNode value = schema.get(keyword);
        if (value != null && !value.isString()) {
            throw wrong(keyword, "a text");
        }
        return value == null ? null : value.stringValue();
    }

    boolean flag(String keyword) {
        JsonNode value = schema.get(keyword);
        if (value != null && !value.isBoolean()) {
            throw wrong(keyword, "true or false");
        }
        return value != null && value.booleanValue();
    }

    @Nullable
    BigDecimal number(String keyword) {
        JsonNode value = schema.get(keyword);
        if (value != null && !value.isNumber()) {
            throw wrong(keyword, "a number");
        }
        return value == null ? null : Numerals.exact(value);
    }

    /** A least count; 0 when it is absent. */
    int least(String keyword) {
        BigDecimal count = count(keyword);
        if (count != null && count.compareTo(BigDecimal.valueOf(MAX_COUNT)) > 0) {
            throw new SchemaException(where(keyword), "is more than " + MAX_COUNT + ", the most that is supported");
        }
        return count == null ? 0 : count.intValueExact();
    }

    /** A greatest count; unlimited when it is absent or beyond counting. */
    int most(String keyword) {
        BigDecimal count = count(keyword);
        return count == null || count.compareTo(BigDecimal.valueOf(Assertions.UNLIMITED)) >= 0
                ? Assertions.UNLIMITED
                : count.intValueExact();
    }

    private @Nullable BigDecimal count(String keyword) {
        BigDecimal count = number(keyword);
        if (count != null && (count.signum() < 0 || count.scale() > 0)) {
            throw wrong(keyword, "a whole number from 0 on");
        }
        return count;
    }

    List<String> names(String keyword) {
        JsonNode value = schema.get(keyword);
        List<String> names = new ArrayList<>();
        if (value == null) {
            return names;
        }
        if (!value.isArray() || value.values().stream().anyMatch(name -> !name.isString())) {
            throw wrong(keyword, "a list of names");
        }
        value.forEach(name -> names.add(name.stringValue()));
        return names;
    }

    /** Entries of an object of schemas. */
    Iterable<Map.Entry<String, JsonNode>> entries(String keyword) {
        JsonNode value = schema.get(keyword);
        if (value != null && !value.isObject()) {
            throw wrong(keyword, "an object of schemas");
        }
        return value == null ? List.of() : value.properties();
    }

    /** Whether the value of a keyword lists nothing: {@code {}} or {@code []}. */
    boolean isEmpty(String keyword) {
        JsonNode value = schema.get(keyword);
        return value == null || value.isContainer() && value.isEmpty();
    }

    /** Whether a keyword's value is the schema {@code true} or {@code {}}, or it is absent. */
    boolean asksForNothing(String keyword) {
        JsonNode value = schema.get(keyword);
        return value == null || value.isObject() && value.isEmpty() || value.isBoolean() && value.booleanValue();
    }

    boolean isTrue(String keyword) {
        JsonNode value = schema.get(keyword);
        return value != null && value.isBoolean() && value.booleanValue();
    }

    boolean isFalse(String keyword) {
        JsonNode value = schema.get(keyword);
        return value != null && value.isBoolean() && !value.booleanValue();
    }
}
