package io.shiftadd.inference.grammar.schema;

import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The keywords of one schema that speak of values themselves. Compared by identity.
 *
 * @param where JSON pointer to the schema
 * @param never whether it is the schema {@code false}
 * @param types null = all
 * @param values of {@code enum} and {@code const} together; null = not restricted
 */
record Assertions(
        String where,
        boolean never,
        @Nullable Set<Type> types,
        @Nullable List<JsonNode> values,
        @Nullable Numbers numbers,
        @Nullable Texts texts,
        @Nullable Arrays arrays,
        @Nullable Objects objects) {

    static final int UNLIMITED = Integer.MAX_VALUE;

    static Assertions never(String where) {
        return new Assertions(where, true, null, null, null, null, null, null);
    }

    /** Asks for a property and nothing else. */
    static Assertions requiring(String where, String property) {
        Objects objects = new Objects(Map.of(), Map.of(), null, null, List.of(property), 0, UNLIMITED);
        return new Assertions(where, false, null, null, null, null, null, objects);
    }

    record Numbers(
            @Nullable BigDecimal minimum,
            @Nullable BigDecimal exclusiveMinimum,
            @Nullable BigDecimal maximum,
            @Nullable BigDecimal exclusiveMaximum,
            @Nullable BigDecimal multipleOf) {}

    record Texts(
            int minLength,
            int maxLength,
            @Nullable String pattern,
            @Nullable String format) {}

    /**
     * @param items of the elements after the first ones; null = any
     * @param itemsKeyword the keyword that says so
     */
    record Arrays(
            List<Schema> first,
            @Nullable Schema items,
            String itemsKeyword,
            int minItems,
            int maxItems,
            boolean unique) {}

    /**
     * @param additional of properties that are not listed and match no pattern; null = not said
     * @param names of all properties; null = any
     */
    record Objects(
            Map<String, Schema> properties,
            Map<String, Schema> patterns,
            @Nullable Schema additional,
            @Nullable Schema names,
            List<String> required,
            int minProperties,
            int maxProperties) {}

    /** The types that the keywords speak of; empty when there are none. */
    Set<Type> implied() {
        Set<Type> implied = EnumSet.noneOf(Type.class);
        if (numbers != null) {
            implied.add(Type.NUMBER);
            implied.add(Type.INTEGER);
        }
        if (texts != null) {
            implied.add(Type.STRING);
        }
        if (arrays != null) {
            implied.add(Type.ARRAY);
        }
        if (objects != null) {
            implied.add(Type.OBJECT);
        }
        return implied;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
