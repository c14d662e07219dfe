package io.shiftadd.inference.grammar.schema;

import io.shiftadd.inference.grammar.pattern.Automaton;
import io.shiftadd.inference.grammar.pattern.Languages;
import io.shiftadd.inference.grammar.pattern.Term;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The texts of the scalars that meet schemas, each value spelled in one way: strings without escapes, 1.5 and not 1.50.
 */
final class ScalarTexts {

    private final SchemaCompiler compiler;
    private final Languages languages;
    private final TextRules texts;
    private final List<Term> strings = new ArrayList<>();
    private final List<Term> others = new ArrayList<>();

    private ScalarTexts(SchemaCompiler compiler, Languages languages, TextRules texts) {
        this.compiler = compiler;
        this.languages = languages;
        this.texts = texts;
    }

    /**
     * @param strings what stands between quotes; null when there are none
     * @param others numbers, true, false and null; null when there are none
     */
    record Spelled(@Nullable Automaton strings, @Nullable Automaton others) {}

    /** @return null when other values meet the schemas too, or they cannot be spelled so */
    static @Nullable Spelled of(
            Collection<Schema> schemas, SchemaCompiler compiler, Languages languages, TextRules texts) {
        ScalarTexts found = new ScalarTexts(compiler, languages, texts);
        for (Conjunction leaf : compiler.leaves(compiler.conjunction(schemas))) {
            if (!found.add(List.copyOf(leaf.assertions()))) {
                return null;
            }
        }
        return new Spelled(found.automaton(found.strings), found.automaton(found.others));
    }

    private @Nullable Automaton automaton(List<Term> terms) {
        return terms.isEmpty() ? null : languages.automaton(languages.either(terms));
    }

    private boolean add(List<Assertions> all) {
        Set<Type> types = Type.all();
        for (Assertions assertions : all) {
            if (assertions.values() != null) {
                return addValues(assertions.values(), all);
            }
            if (assertions.types() != null) {
                types.retainAll(assertions.types());
            }
        }
        if (all.stream().anyMatch(Assertions::never)) {
            return true;
        }
        if (types.contains(Type.ARRAY) || types.contains(Type.OBJECT)) {
            return false;
        }
        if (types.contains(Type.STRING)) {
            Term own = texts.language(all);
            Term plain = languages.withoutEscapes();
            strings.add(own == null ? plain : languages.both(List.of(own, plain)));
        }
        addLiterals(types);
        return !types.contains(Type.INTEGER) || addNumbers(all, types.contains(Type.NUMBER));
    }

    private boolean addValues(List<JsonNode> values, List<Assertions> all) {
        for (JsonNode value : values) {
            if (all.stream().allMatch(assertions -> compiler.meeting().meets(value, assertions))) {
                String text = JsonEquality.text(value);
                if (value.isContainer() || text.indexOf('\\') >= 0) {
                    return false;
                }
                if (value.isString()) {
                    strings.add(languages.texts(List.of(value.stringValue())));
                } else {
                    others.add(languages.texts(List.of(text)));
                }
            }
        }
        return true;
    }

    private void addLiterals(Set<Type> types) {
        if (types.contains(Type.BOOLEAN)) {
            others.add(languages.texts(List.of("true", "false")));
        }
        if (types.contains(Type.NULL)) {
            others.add(languages.texts(List.of("null")));
        }
    }

    private boolean addNumbers(List<Assertions> all, boolean fractions) {
        NumberTexts numbers = NumberTexts.within(all);
        String pattern = numbers == null ? null : fractions ? numbers.numbers() : numbers.integers();
        if (pattern == null) {
            return false;
        }
        if (!pattern.isEmpty()) {
            others.add(languages.pattern("^(?:" + pattern + ")$"));
        }
        return true;
    }
}
