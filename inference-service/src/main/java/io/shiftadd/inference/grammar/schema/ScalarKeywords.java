package io.shiftadd.inference.grammar.schema;

import io.shiftadd.inference.grammar.pattern.Formats;
import io.shiftadd.inference.grammar.pattern.Work;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The keywords that speak of types, values, numbers and texts; null where a schema has none of a kind. */
final class ScalarKeywords {

    private ScalarKeywords() {}

    static @Nullable Set<Type> types(Keywords keywords) {
        JsonNode written = keywords.get("type");
        if (written == null) {
            return null;
        }
        Set<Type> types = EnumSet.noneOf(Type.class);
        for (JsonNode name : written.isArray() ? written.values() : List.of(written)) {
            Set<Type> named = name.isString() ? Type.named(name.stringValue()) : Set.of();
            if (named.isEmpty()) {
                throw keywords.wrong(
                        "type", "string, number, integer, boolean, null, array or object, or a list of them");
            }
            types.addAll(named);
        }
        if (types.isEmpty()) {
            throw keywords.wrong("type", "a type, or a list of at least one");
        }
        return types;
    }

    static @Nullable List<JsonNode> values(Keywords keywords, Work work) {
        JsonNode listed = keywords.get("enum");
        JsonNode single = keywords.get("const");
        if (listed != null && (!listed.isArray() || listed.isEmpty())) {
            throw keywords.wrong("enum", "a list of values, at least one");
        }
        if (single != null) {
            requireFinite(single, keywords.where("const"), work);
        }
        if (listed == null) {
            return single == null ? null : List.of(single);
        }
        requireFinite(listed, keywords.where("enum"), work);
        List<JsonNode> values = List.copyOf(listed.values());
        if (single == null) {
            return values;
        }
        if (values.stream().noneMatch(value -> JsonEquality.equal(value, single))) {
            throw new Contradiction(keywords.where("const"), "is none of the values of enum");
        }
        return List.of(single);
    }

    /** What is too large for a double would be read by nobody as it is written. */
    private static void requireFinite(JsonNode value, String where, Work work) {
        work.charge(1);
        if (value.isNumber() && Double.isInfinite(Numerals.exact(value).doubleValue())) {
            throw new SchemaException(where, "has a number that is too large (beyond 1.8e308)");
        }
        value.forEach(part -> requireFinite(part, where, work));
    }

    static Assertions.@Nullable Numbers numbers(Keywords keywords) {
        BigDecimal multipleOf = keywords.number("multipleOf");
        if (multipleOf != null && multipleOf.signum() <= 0) {
            throw keywords.wrong("multipleOf", "a number above 0");
        }
        Assertions.Numbers numbers = new Assertions.Numbers(
                keywords.isTrue("exclusiveMinimum") ? null : keywords.number("minimum"),
                exclusive(keywords, "exclusiveMinimum", "minimum"),
                keywords.isTrue("exclusiveMaximum") ? null : keywords.number("maximum"),
                exclusive(keywords, "exclusiveMaximum", "maximum"),
                multipleOf);
        return numbers.equals(new Assertions.Numbers(null, null, null, null, null)) ? null : numbers;
    }

    /** A bound of its own, or, as draft 4 and OpenAPI 3.0 have it, what is said of the bound beside it. */
    private static @Nullable BigDecimal exclusive(Keywords keywords, String keyword, String bound) {
        if (keywords.isTrue(keyword) && keywords.has(bound)) {
            return keywords.number(bound);
        }
        return keywords.isFalse(keyword) ? null : keywords.number(keyword);
    }

    static Assertions.@Nullable Texts texts(Keywords keywords) {
        String format = keywords.text("format");
        boolean restricts = format != null && Formats.expression(format) != null;
        Assertions.Texts texts = new Assertions.Texts(
                keywords.least("minLength"),
                keywords.most("maxLength"),
                keywords.text("pattern"),
                restricts ? format : null);
        return texts.equals(new Assertions.Texts(0, Assertions.UNLIMITED, null, null))
                        && !keywords.has("minLength")
                        && !keywords.has("maxLength")
                ? null
                : texts;
    }
}
