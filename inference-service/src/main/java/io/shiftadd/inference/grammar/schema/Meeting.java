package io.shiftadd.inference.grammar.schema;

import io.shiftadd.inference.grammar.pattern.Automaton;
import io.shiftadd.inference.grammar.pattern.Formats;
import io.shiftadd.inference.grammar.pattern.Languages;
import io.shiftadd.inference.grammar.pattern.Work;
import io.shiftadd.inference.grammar.schema.Schema.Options;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Whether values that a schema writes out meet the other keywords beside them. */
final class Meeting {

    /** Formats of which the constraint allows a part only: values written out are taken as they are. */
    private static final Set<String> NARROWED = Set.of("uri", "email", "hostname", "duration", "time", "date-time");

    private final SchemaCompiler compiler;
    private final Languages languages;
    private final Work work;
    private final Map<Assertions, Set<Object>> listed = new HashMap<>();
    /** By value and schema, both by identity. */
    private final Map<JsonNode, Map<Schema, Boolean>> answered = new IdentityHashMap<>();

    Meeting(SchemaCompiler compiler, Languages languages, Work work) {
        this.compiler = compiler;
        this.languages = languages;
        this.work = work;
    }

    boolean meets(JsonNode value, Assertions assertions) {
        work.charge(5);
        if (assertions.never()) {
            return false;
        }
        Set<Type> types = assertions.types();
        boolean listed = assertions.values() == null || listed(assertions).contains(JsonEquality.canonical(value));
        return (types == null || types.contains(Type.of(value)))
                && listed
                && number(value, assertions.numbers())
                && text(value, assertions)
                && array(value, assertions.arrays())
                && object(value, assertions.objects());
    }

    private Set<Object> listed(Assertions assertions) {
        return listed.computeIfAbsent(assertions, a -> {
            List<JsonNode> values = a.values() == null ? List.of() : a.values();
            work.charge(2L * values.size());
            return values.stream().map(JsonEquality::canonical).collect(Collectors.toSet());
        });
    }

    private boolean meets(JsonNode value, Schema schema) {
        Map<Schema, Boolean> answers = answered.computeIfAbsent(value, v -> new HashMap<>());
        Boolean known = answers.get(schema);
        if (known == null) {
            // A schema that comes back to itself at the same value asks for nothing more.
            answers.put(schema, true);
            known = meetsParts(value, schema);
            answers.put(schema, known);
        }
        return known;
    }

    private boolean meetsParts(JsonNode value, Schema schema) {
        work.charge(5);
        if (schema.own() != null && !meets(value, schema.own())) {
            return false;
        }
        for (Options options : schema.options()) {
            long met = options.schemas().stream()
                    .filter(option -> meets(value, option))
                    .count();
            if (met == 0 || options.exclusive() && met > 1) {
                return false;
            }
        }
        return schema.all().stream().allMatch(part -> meets(value, part))
                && (schema.reference() == null || meets(value, compiler.referred(schema)));
    }

    private static boolean number(JsonNode value, Assertions.@Nullable Numbers own) {
        if (own == null || !value.isNumber()) {
            return true;
        }
        BigDecimal number = Numerals.exact(value);
        return (own.minimum() == null || number.compareTo(own.minimum()) >= 0)
                && (own.exclusiveMinimum() == null || number.compareTo(own.exclusiveMinimum()) > 0)
                && (own.maximum() == null || number.compareTo(own.maximum()) <= 0)
                && (own.exclusiveMaximum() == null || number.compareTo(own.exclusiveMaximum()) < 0)
                && (own.multipleOf() == null
                        || number.remainder(own.multipleOf()).signum() == 0);
    }

    private boolean text(JsonNode value, Assertions assertions) {
        Assertions.Texts own = assertions.texts();
        if (own == null || !value.isString()) {
            return true;
        }
        String text = value.stringValue();
        work.charge(text.length());
        int length = text.codePointCount(0, text.length());
        if (length < own.minLength() || length > own.maxLength()) {
            return false;
        }
        String format =
                own.format() == null || NARROWED.contains(own.format()) ? null : Formats.expression(own.format());
        return (own.pattern() == null || found(own.pattern(), text, assertions.where() + "/pattern"))
                && (format == null || found(format, text, assertions.where() + "/format"));
    }

    private boolean found(String regex, String text, String where) {
        Automaton automaton = languages.automaton(new TextRules(languages).pattern(regex, where));
        return automaton != null && automaton.accepts(text);
    }

    private boolean array(JsonNode value, Assertions.@Nullable Arrays own) {
        if (own == null || !value.isArray()) {
            return true;
        }
        if (value.size() < own.minItems() || value.size() > own.maxItems()) {
            return false;
        }
        Set<Object> different = new HashSet<>();
        for (int i = 0; i < value.size(); i++) {
            Schema schema = i < own.first().size() ? own.first().get(i) : own.items();
            boolean met = schema == null || meets(value.get(i), schema);
            if (!met || own.unique() && !different.add(JsonEquality.canonical(value.get(i)))) {
                return false;
            }
        }
        return true;
    }

    private boolean object(JsonNode value, Assertions.@Nullable Objects own) {
        if (own == null || !value.isObject()) {
            return true;
        }
        if (value.size() < own.minProperties()
                || value.size() > own.maxProperties()
                || !own.required().stream().allMatch(value::has)) {
            return false;
        }
        for (Map.Entry<String, JsonNode> property : value.properties()) {
            if (!property(property.getKey(), property.getValue(), own)) {
                return false;
            }
        }
        return true;
    }

    private boolean property(String name, JsonNode value, Assertions.Objects own) {
        Schema listed = own.properties().get(name);
        boolean evaluated = listed != null;
        if (listed != null && !meets(value, listed)) {
            return false;
        }
        for (Map.Entry<String, Schema> pattern : own.patterns().entrySet()) {
            if (found(pattern.getKey(), name, pattern.getValue().where())) {
                evaluated = true;
                if (!meets(value, pattern.getValue())) {
                    return false;
                }
            }
        }
        boolean additional = evaluated || own.additional() == null || meets(value, own.additional());
        return additional && (own.names() == null || meets(JsonNodeFactory.instance.stringNode(name), own.names()));
    }
}
