package io.shiftadd.inference.grammar.schema;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The types of JSON Schema. A set that has {@link #NUMBER} has {@link #INTEGER} too. */
enum Type {
    NULL,
    BOOLEAN,
    INTEGER,
    NUMBER,
    STRING,
    ARRAY,
    OBJECT;

    static Set<Type> all() {
        return EnumSet.allOf(Type.class);
    }

    /** The types that a name in a schema stands for; empty when there is no such name. */
    static Set<Type> named(String name) {
        Set<Type> named = EnumSet.noneOf(Type.class);
        for (Type type : values()) {
            if (type.word().equals(name)) {
                named.add(type);
            }
        }
        if (named.contains(NUMBER)) {
            named.add(INTEGER);
        }
        return named;
    }

    /** 1.0 is an integer. */
    static Type of(JsonNode value) {
        if (value.isNumber()) {
            return Numerals.isWhole(value) ? INTEGER : NUMBER;
        }
        return value.isObject()
                ? OBJECT
                : value.isArray() ? ARRAY : value.isString() ? STRING : value.isBoolean() ? BOOLEAN : NULL;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
