package io.shiftadd.inference.grammar.schema;

import io.shiftadd.inference.grammar.pattern.Languages;
import io.shiftadd.inference.grammar.rule.ArrayRule;
import io.shiftadd.inference.grammar.rule.DistinctRule;
import io.shiftadd.inference.grammar.rule.LiteralRule;
import io.shiftadd.inference.grammar.rule.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Arrays that meet several assertions. */
final class ArrayRules {

    private static final int MAX_UNIQUE = 500;

    private final SchemaCompiler compiler;
    private final Languages languages;
    private final TextRules texts;

    ArrayRules(SchemaCompiler compiler, Languages languages, TextRules texts) {
        this.compiler = compiler;
        this.languages = languages;
        this.texts = texts;
    }

    /** @return null when only contradictions are looked for */
    @Nullable
    Rule of(List<Assertions> all, boolean onlyCheck) {
        int minimum = 0;
        int maximum = Assertions.UNLIMITED;
        int first = 0;
        String whereMinimum = "";
        String whereMaximum = "";
        String whereUnique = null;
        for (Assertions assertions : all) {
            Assertions.Arrays own = assertions.arrays();
            if (own == null) {
                continue;
            }
            first = Math.max(first, own.first().size());
            if (own.minItems() > minimum) {
                minimum = own.minItems();
                whereMinimum = assertions.where() + "/minItems";
            }
            if (mostItems(own) < maximum) {
                maximum = mostItems(own);
                whereMaximum = assertions.where() + "/" + (maximum == own.maxItems() ? "maxItems" : own.itemsKeyword());
            }
            whereUnique = own.unique() ? assertions.where() + "/uniqueItems" : whereUnique;
        }
        if (minimum > maximum) {
            throw new Contradiction(
                    whereMinimum, "is " + minimum + ", and '" + whereMaximum + "' allows at most " + maximum);
        }
        if (onlyCheck) {
            return LiteralRule.NULL;
        }
        return whereUnique != null && maximum > 1
                ? unique(all, first, minimum, maximum, whereUnique)
                : compiler.keep(ArrayRule.of(first(all, Math.min(first, maximum)), rest(all), minimum, maximum));
    }

    /** Elements that there can be: none from the first on that must be none. */
    private static int mostItems(Assertions.Arrays own) {
        for (int i = 0; i < own.first().size(); i++) {
            if (own.first().get(i).allowsNothing()) {
                return Math.min(i, own.maxItems());
            }
        }
        boolean none = own.items() != null && own.items().allowsNothing();
        return none ? Math.min(own.first().size(), own.maxItems()) : own.maxItems();
    }

    private List<Rule> first(List<Assertions> all, int count) {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rules.add(compiler.rule(schemas(all, i)));
        }
        return rules;
    }

    private Rule rest(List<Assertions> all) {
        return compiler.rule(schemas(all, Integer.MAX_VALUE));
    }

    private static List<Schema> schemas(List<Assertions> all, int index) {
        List<Schema> schemas = new ArrayList<>();
        for (Assertions assertions : all) {
            Assertions.Arrays own = assertions.arrays();
            if (own != null && index < own.first().size()) {
                schemas.add(own.first().get(index));
            } else if (own != null && own.items() != null) {
                schemas.add(own.items());
            }
        }
        return schemas;
    }

    private Rule unique(List<Assertions> all, int first, int minimum, int maximum, String where) {
        List<String> texts = first > 0 ? null : values(schemas(all, 0));
        if (texts == null || texts.size() > MAX_UNIQUE) {
            ScalarTexts.Spelled spelled = first > 0 || minimum > MAX_UNIQUE
                    ? null
                    : ScalarTexts.of(schemas(all, 0), compiler, languages, this.texts);
            if (spelled == null) {
                throw new SchemaException(
                        where,
                        "is supported for at most " + MAX_UNIQUE + " elements that are strings, numbers (with bounds:"
                                + " integers), values of enum, booleans or null, without prefixItems");
            }
            int most = Math.min(maximum, MAX_UNIQUE);
            return compiler.keep(new DistinctRule(spelled.strings(), spelled.others(), minimum, most));
        }
        if (texts.size() < minimum) {
            throw new Contradiction(where, "leaves at most " + texts.size() + " elements, and minItems is " + minimum);
        }
        return compiler.keep(ArrayRule.unique(texts, minimum, maximum));
    }

    /** The values that meet the schemas, as JSON texts, when there are only so many; null when not. */
    private @Nullable List<String> values(List<Schema> schemas) {
        Map<Object, String> texts = new LinkedHashMap<>();
        for (Conjunction leaf : compiler.leaves(compiler.conjunction(schemas))) {
            List<JsonNode> values = values(leaf);
            if (values == null) {
                return null;
            }
            for (JsonNode value : values) {
                if (leaf.assertions().stream().allMatch(a -> compiler.meeting().meets(value, a))) {
                    texts.putIfAbsent(JsonEquality.canonical(value), JsonEquality.text(value));
                }
            }
        }
        return List.copyOf(texts.values());
    }

    private static @Nullable List<JsonNode> values(Conjunction leaf) {
        Set<Type> types = Type.all();
        for (Assertions assertions : leaf.assertions()) {
            if (assertions.values() != null) {
                return assertions.values();
            }
            if (assertions.types() != null) {
                types.retainAll(assertions.types());
            }
        }
        List<JsonNode> values = new ArrayList<>();
        if (types.remove(Type.NULL)) {
            values.add(JsonNodeFactory.instance.nullNode());
        }
        if (types.remove(Type.BOOLEAN)) {
            values.add(JsonNodeFactory.instance.booleanNode(true));
            values.add(JsonNodeFactory.instance.booleanNode(false));
        }
        return types.isEmpty() ? values : null;
    }
}
