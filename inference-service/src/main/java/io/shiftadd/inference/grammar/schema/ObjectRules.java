package io.shiftadd.inference.grammar.schema;

import io.shiftadd.inference.grammar.pattern.Languages;
import io.shiftadd.inference.grammar.rule.LiteralRule;
import io.shiftadd.inference.grammar.rule.ObjectRule;
import io.shiftadd.inference.grammar.rule.ObjectRule.Others;
import io.shiftadd.inference.grammar.rule.ObjectRule.Property;
import io.shiftadd.inference.grammar.rule.Rule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Objects that meet several assertions. */
final class ObjectRules {

    private final SchemaCompiler compiler;
    private final Languages languages;

    ObjectRules(SchemaCompiler compiler, Languages languages) {
        this.compiler = compiler;
        this.languages = languages;
    }

    /** What is required, and how many properties there may be. */
    private record Demands(
            Map<String, String> required, int minimum, int maximum, String whereMinimum, String whereMaximum) {

        static Demands of(List<Assertions> all) {
            Map<String, String> required = new LinkedHashMap<>();
            Demands demands = new Demands(required, 0, Assertions.UNLIMITED, "", "");
            for (Assertions assertions : all) {
                Assertions.Objects own = assertions.objects();
                if (own == null) {
                    continue;
                }
                String where = assertions.where();
                own.required().forEach(name -> required.putIfAbsent(name, where + "/required"));
                if (own.minProperties() > demands.minimum) {
                    demands = new Demands(
                            required,
                            own.minProperties(),
                            demands.maximum,
                            where + "/minProperties",
                            demands.whereMaximum);
                }
                if (own.maxProperties() < demands.maximum) {
                    demands = new Demands(
                            required,
                            demands.minimum,
                            own.maxProperties(),
                            demands.whereMinimum,
                            where + "/maxProperties");
                }
            }
            return demands;
        }

        void requireOrder() {
            if (minimum > maximum) {
                throw new Contradiction(
                        whereMinimum, "is " + minimum + ", more than maxProperties, which is " + maximum);
            }
            if (required.size() > maximum) {
                throw new Contradiction(
                        whereMaximum, "is " + maximum + ", and " + required.size() + " properties are required");
            }
        }
    }

    Rule of(List<Assertions> all, boolean onlyCheck) {
        Demands demands = Demands.of(all);
        demands.requireOrder();
        PropertyNames names = PropertyNames.of(all, compiler, languages);
        Set<String> listed = listed(all, demands, names);
        for (Map.Entry<String, String> required : demands.required().entrySet()) {
            requirePossible(required.getKey(), required.getValue(), all, names);
        }
        if (onlyCheck) {
            return LiteralRule.NULL;
        }
        List<Property> properties = new ArrayList<>();
        for (String name : listed) {
            compiler.work().charge(5);
            if (names.allow(name)) {
                Rule rule = compiler.rule(names.schemas(name));
                properties.add(new Property(
                        JsonEquality.text(name), rule, demands.required().containsKey(name)));
            }
        }
        List<Others> others = names.others(listed(all).isEmpty(), demands.minimum() > properties.size());
        if (others.isEmpty() && demands.minimum() > properties.size()) {
            throw new Contradiction(
                    demands.whereMinimum(),
                    "is " + demands.minimum() + ", and there can be " + properties.size() + " properties only");
        }
        return compiler.keep(new ObjectRule(properties, others, demands.minimum(), demands.maximum()));
    }

    private static Set<String> listed(List<Assertions> all) {
        Set<String> listed = new LinkedHashSet<>();
        for (Assertions assertions : all) {
            if (assertions.objects() != null) {
                listed.addAll(assertions.objects().properties().keySet());
            }
        }
        return listed;
    }

    private static Set<String> listed(List<Assertions> all, Demands demands, PropertyNames names) {
        Set<String> listed = listed(all);
        listed.addAll(demands.required().keySet());
        listed.addAll(names.finite());
        return new LinkedHashSet<>(listed);
    }

    private static void requirePossible(String name, String where, List<Assertions> all, PropertyNames names) {
        if (!names.allow(name)) {
            throw new Contradiction(where, "asks for '" + name + "', which propertyNames forbids");
        }
        for (Schema schema : new HashSet<>(names.schemas(name))) {
            if (schema.allowsNothing()) {
                boolean listed = all.stream()
                        .anyMatch(a ->
                                a.objects() != null && a.objects().properties().get(name) == schema);
                throw new Contradiction(
                        where,
                        "asks for '" + name + "', which "
                                + (listed
                                        ? "'" + schema.where() + "' forbids"
                                        : "is not among the properties that '" + schema.where() + "' allows"));
            }
        }
    }
}
