package io.shiftadd.inference.grammar.schema;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What tells the values of one conjunction from those of another.
 *
 * @param types that its values may have; empty when there are none
 * @param values all of them, in a form that can be compared; null when they are not listed
 * @param properties for those whose values are listed, these
 */
record Traits(
        Set<Type> types, @Nullable Set<Object> values, Map<String, Set<Object>> properties, Set<String> required) {

    static Traits of(Conjunction way, SchemaCompiler compiler) {
        Set<Type> types = Type.all();
        Set<Object> values = null;
        Map<String, List<Schema>> schemas = new LinkedHashMap<>();
        Set<String> required = new HashSet<>();
        for (Assertions assertions : way.assertions()) {
            if (assertions.never()) {
                types.clear();
            }
            if (assertions.types() != null) {
                types.retainAll(assertions.types());
            }
            List<JsonNode> listed = assertions.values();
            if (listed != null) {
                types.retainAll(listed.stream().map(Type::of).toList());
                values = canonical(listed);
            }
            if (assertions.objects() != null) {
                assertions
                        .objects()
                        .properties()
                        .forEach((name, schema) -> schemas.computeIfAbsent(name, n -> new ArrayList<>())
                                .add(schema));
                required.addAll(assertions.objects().required());
            }
        }
        Map<String, Set<Object>> properties = new HashMap<>();
        schemas.forEach((name, all) -> {
            Set<Object> listed = valuesOf(all, compiler);
            if (listed != null) {
                properties.put(name, listed);
            }
        });
        return new Traits(types, values, properties, required);
    }

    private static Set<Object> canonical(List<JsonNode> values) {
        Set<Object> canonical = new HashSet<>();
        values.forEach(value -> canonical.add(JsonEquality.canonical(value)));
        return canonical;
    }

    /** Values that meet the schemas; null when they are not listed. */
    private static @Nullable Set<Object> valuesOf(List<Schema> schemas, SchemaCompiler compiler) {
        Set<Object> values = new HashSet<>();
        for (Conjunction leaf : compiler.leaves(compiler.conjunction(schemas))) {
            Assertions listing = leaf.assertions().stream()
                    .filter(assertions -> assertions.values() != null)
                    .findFirst()
                    .orElse(null);
            if (listing == null || listing.values() == null) {
                return null;
            }
            compiler.work().charge(listing.values().size());
            values.addAll(canonical(listing.values()));
        }
        return values;
    }

    boolean valuesDiffer(Traits other) {
        return values != null && other.values != null && Collections.disjoint(values, other.values);
    }

    /** Properties whose listed values differ, those first that both require. */
    List<String> telling(Traits other) {
        List<String> telling = new ArrayList<>();
        properties.forEach((name, listed) -> {
            Set<Object> others = other.properties.get(name);
            if (others != null && Collections.disjoint(listed, others)) {
                telling.add(required.contains(name) && other.required.contains(name) ? 0 : telling.size(), name);
            }
        });
        return telling;
    }
}
