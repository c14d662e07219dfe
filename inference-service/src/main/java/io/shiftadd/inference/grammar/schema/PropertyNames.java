package io.shiftadd.inference.grammar.schema;

import io.shiftadd.inference.grammar.pattern.Automaton;
import io.shiftadd.inference.grammar.pattern.Languages;
import io.shiftadd.inference.grammar.pattern.PatternException;
import io.shiftadd.inference.grammar.pattern.Term;
import io.shiftadd.inference.grammar.rule.AnyRule;
import io.shiftadd.inference.grammar.rule.ObjectRule.Others;
import io.shiftadd.inference.grammar.rule.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Which names properties may have, and which schemas the property of a name must meet. */
final class PropertyNames {

    /** Names are told apart by each set of patterns that may match them together. */
    private static final int MAX_PATTERNS = 6;

    private final List<Assertions.Objects> all = new ArrayList<>();
    private final SchemaCompiler compiler;
    private final Languages languages;
    /** Patterns by their text. */
    private final Map<String, Term> patterns = new LinkedHashMap<>();

    private final List<Term> allowed = new ArrayList<>();
    /** The only names there may be; null when there is no such list. */
    private @Nullable List<String> finite;

    private PropertyNames(SchemaCompiler compiler, Languages languages) {
        this.compiler = compiler;
        this.languages = languages;
    }

    static PropertyNames of(List<Assertions> assertions, SchemaCompiler compiler, Languages languages) {
        PropertyNames names = new PropertyNames(compiler, languages);
        for (Assertions one : assertions) {
            if (one.objects() != null) {
                names.all.add(one.objects());
                names.read(one.objects(), one.where());
            }
        }
        return names;
    }

    private void read(Assertions.Objects own, String where) {
        TextRules texts = new TextRules(languages);
        for (String pattern : own.patterns().keySet()) {
            String at = where + "/patternProperties/" + Keywords.escaped(pattern);
            patterns.put(pattern, texts.pattern(pattern, at));
            if (patterns.size() > MAX_PATTERNS) {
                throw new SchemaException(
                        where + "/patternProperties", "has more than " + MAX_PATTERNS + " patterns for one object");
            }
        }
        if (own.names() != null && !own.names().asksForNothing()) {
            readNames(own.names(), texts);
        }
    }

    private void readNames(Schema schema, TextRules texts) {
        List<String> listed = new ArrayList<>();
        List<Term> options = new ArrayList<>();
        boolean onlyListed = true;
        for (Conjunction leaf : compiler.leaves(compiler.conjunction(List.of(schema)))) {
            List<Assertions> conditions = List.copyOf(leaf.assertions());
            if (conditions.stream()
                    .anyMatch(a -> a.never() || a.types() != null && !a.types().contains(Type.STRING))) {
                continue;
            }
            List<JsonNode> values = conditions.stream()
                    .map(Assertions::values)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
            if (values == null) {
                onlyListed = false;
                Term language = texts.language(conditions);
                options.add(language == null ? languages.all() : language);
                continue;
            }
            values.stream()
                    .filter(value -> value.isString()
                            && conditions.stream()
                                    .allMatch(a -> compiler.meeting().meets(value, a)))
                    .forEach(value -> listed.add(value.stringValue()));
        }
        options.add(languages.texts(listed));
        allowed.add(languages.either(options));
        if (onlyListed) {
            finite = finite == null
                    ? listed
                    : finite.stream().filter(listed::contains).toList();
        }
    }

    /** Names that properties may have by a list; empty when there is none. */
    List<String> finite() {
        return finite == null ? List.of() : finite;
    }

    boolean allow(String name) {
        return allowed.isEmpty() || matches(languages.both(allowed), name);
    }

    private boolean matches(Term language, String name) {
        Automaton automaton = languages.automaton(language);
        compiler.work().charge(1 + name.length());
        return automaton != null && automaton.accepts(name);
    }

    /** The schemas that the property of a name must meet. */
    List<Schema> schemas(String name) {
        List<Schema> schemas = new ArrayList<>();
        for (Assertions.Objects own : all) {
            int before = schemas.size();
            Schema listed = own.properties().get(name);
            if (listed != null) {
                schemas.add(listed);
            }
            own.patterns().forEach((pattern, schema) -> {
                if (matches(Objects.requireNonNull(patterns.get(pattern)), name)) {
                    schemas.add(schema);
                }
            });
            if (schemas.size() == before && own.additional() != null) {
                schemas.add(own.additional());
            }
        }
        return schemas;
    }

    /**
     * Properties that are not listed. Where nothing is said of them, there are none beside those that are said, unless
     * more are needed: a small model would write nothing else.
     */
    List<Others> others(boolean noneListed, boolean needed) {
        if (finite != null) {
            return List.of();
        }
        boolean open =
                needed || all.stream().anyMatch(own -> own.additional() != null) || noneListed && patterns.isEmpty();
        List<String> order = List.copyOf(patterns.keySet());
        List<Others> others = new ArrayList<>();
        for (int matched = 0; matched < 1 << order.size(); matched++) {
            if (matched == 0 && !open) {
                continue;
            }
            List<Schema> schemas = schemas(order, matched);
            Automaton automaton = schemas.stream().anyMatch(Schema::allowsNothing) ? null : names(order, matched);
            if (automaton != null) {
                Rule rule = compiler.rule(schemas);
                others.add(new Others(automaton, rule));
            }
        }
        return others;
    }

    /** @param matched bit i: whether pattern i matches */
    private @Nullable Automaton names(List<String> order, int matched) {
        if (order.isEmpty() && allowed.isEmpty()) {
            return AnyRule.ANY_NAME;
        }
        List<Term> conditions = new ArrayList<>(allowed);
        conditions.add(languages.withoutEscapes());
        for (int i = 0; i < order.size(); i++) {
            Term pattern = Objects.requireNonNull(patterns.get(order.get(i)));
            conditions.add((matched >> i & 1) == 1 ? pattern : languages.not(pattern));
        }
        try {
            return languages.automaton(languages.both(conditions));
        } catch (PatternException e) {
            throw new SchemaException("", "patternProperties and propertyNames together: " + e.getMessage());
        }
    }

    private List<Schema> schemas(List<String> order, int matched) {
        List<Schema> schemas = new ArrayList<>();
        for (Assertions.Objects own : all) {
            int before = schemas.size();
            for (int i = 0; i < order.size(); i++) {
                Schema schema = own.patterns().get(order.get(i));
                if (schema != null && (matched >> i & 1) == 1) {
                    schemas.add(schema);
                }
            }
            if (schemas.size() == before && own.additional() != null) {
                schemas.add(own.additional());
            }
        }
        return schemas;
    }
}
