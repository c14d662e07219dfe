package io.shiftadd.inference.grammar.schema;

import io.shiftadd.inference.grammar.pattern.Automaton;
import io.shiftadd.inference.grammar.pattern.Formats;
import io.shiftadd.inference.grammar.pattern.Languages;
import io.shiftadd.inference.grammar.pattern.PatternException;
import io.shiftadd.inference.grammar.pattern.Term;
import io.shiftadd.inference.grammar.rule.Rule;
import io.shiftadd.inference.grammar.rule.StringRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Strings that meet several assertions. */
final class TextRules {

    private final Languages languages;

    TextRules(Languages languages) {
        this.languages = languages;
    }

    Rule of(List<Assertions> all) {
        int minimum = 0;
        int maximum = Assertions.UNLIMITED;
        String whereMinimum = "";
        String whereMaximum = "";
        for (Assertions assertions : all) {
            Assertions.Texts own = assertions.texts();
            if (own != null && own.minLength() > minimum) {
                minimum = own.minLength();
                whereMinimum = assertions.where() + "/minLength";
            }
            if (own != null && own.maxLength() < maximum) {
                maximum = own.maxLength();
                whereMaximum = assertions.where() + "/maxLength";
            }
        }
        if (minimum > maximum) {
            throw new Contradiction(
                    whereMinimum,
                    "is " + minimum + ", more than maxLength, which is " + maximum + " at '" + whereMaximum + "'");
        }
        List<Term> conditions = conditions(all);
        if (conditions.isEmpty() && minimum == 0) {
            return maximum == Assertions.UNLIMITED ? StringRule.ANY : new StringRule(StringRule.ANY_TEXT, maximum);
        }
        if (minimum > 0) {
            conditions.add(languages.length(minimum, Assertions.UNLIMITED));
        }
        Automaton automaton = languages.automaton(languages.both(conditions));
        if (automaton == null) {
            throw new Contradiction(
                    wherePattern(all),
                    "leaves no text" + (conditions.size() > 1 ? " together with " + others(all) : ""));
        }
        if (automaton.characters(0) > maximum) {
            throw new Contradiction(
                    whereMaximum,
                    "is " + maximum + ", and the shortest text that " + others(all) + " allows has "
                            + automaton.characters(0) + " characters");
        }
        return new StringRule(automaton, maximum);
    }

    /** Of patterns and formats. */
    private List<Term> conditions(List<Assertions> all) {
        List<Term> conditions = new ArrayList<>();
        for (Assertions assertions : all) {
            Assertions.Texts own = assertions.texts();
            if (own != null && own.pattern() != null) {
                conditions.add(pattern(own.pattern(), assertions.where() + "/pattern"));
            }
            String format = own == null || own.format() == null ? null : Formats.expression(own.format());
            if (format != null) {
                conditions.add(languages.pattern(format));
            }
        }
        return conditions;
    }

    /** The texts that a pattern is found in. */
    Term pattern(String regex, String where) {
        try {
            return languages.pattern(regex);
        } catch (PatternException e) {
            throw new SchemaException(where, String.valueOf(e.getMessage()));
        }
    }

    /** The texts that meet the assertions, as far as these speak of texts; null = all. */
    @Nullable
    Term language(List<Assertions> all) {
        List<Term> conditions = conditions(all);
        int minimum = 0;
        int maximum = Assertions.UNLIMITED;
        for (Assertions assertions : all) {
            if (assertions.texts() != null) {
                minimum = Math.max(minimum, assertions.texts().minLength());
                maximum = Math.min(maximum, assertions.texts().maxLength());
            }
        }
        if (minimum > maximum) {
            conditions.add(languages.not(languages.all()));
        } else if (minimum > 0 || maximum < Assertions.UNLIMITED) {
            conditions.add(languages.length(minimum, maximum));
        }
        return conditions.isEmpty() ? null : languages.both(conditions);
    }

    private static String others(List<Assertions> all) {
        List<String> keywords = new ArrayList<>();
        for (Assertions assertions : all) {
            Assertions.Texts own = assertions.texts();
            if (own != null) {
                add(keywords, own.pattern() != null, assertions, "pattern");
                add(keywords, own.format() != null, assertions, "format");
                add(keywords, own.minLength() > 0, assertions, "minLength");
            }
        }
        return String.join(" and ", keywords);
    }

    private static void add(List<String> keywords, boolean said, Assertions assertions, String keyword) {
        if (said) {
            keywords.add("'" + assertions.where() + "/" + keyword + "'");
        }
    }

    static String wherePattern(List<Assertions> all) {
        for (Assertions assertions : all) {
            Assertions.Texts own = assertions.texts();
            if (own != null && (own.pattern() != null || own.format() != null)) {
                return assertions.where() + (own.pattern() != null ? "/pattern" : "/format");
            }
        }
        return all.getFirst().where();
    }
}
