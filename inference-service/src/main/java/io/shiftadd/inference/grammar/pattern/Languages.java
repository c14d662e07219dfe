package io.shiftadd.inference.grammar.pattern;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes sets of texts, combines them, and makes automata of them, within one budget of work. For one thread. */
public final class Languages {

    private final Work work;
    private final Terms terms;
    private final Map<String, Term> patterns = new HashMap<>();
    private final Map<Term, Automaton> automata = new HashMap<>();

    public Languages(Work work) {
        this.work = work;
        this.terms = new Terms(work);
    }

    /** Every text. */
    public Term all() {
        return terms.all;
    }

    /**
     * The texts that an ECMA-262 regular expression is found in.
     *
     * @throws PatternException when it is malformed or not supported
     */
    public Term pattern(String regex) {
        Term known = patterns.get(regex);
        if (known == null) {
            work.charge(regex.length());
            known = new RegexTerms(terms).search(RegexParser.parse(regex));
            patterns.put(regex, known);
        }
        return known;
    }

    /** Texts of a number of characters; {@link Integer#MAX_VALUE} = without a limit. */
    public Term length(int minimum, int maximum) {
        return terms.repeated(terms.any, minimum, maximum);
    }

    public Term texts(List<String> literals) {
        return terms.texts(literals);
    }

    public Term both(List<Term> conditions) {
        return terms.both(conditions);
    }

    public Term either(List<Term> options) {
        return terms.either(options);
    }

    public Term not(Term term) {
        return terms.not(term);
    }

    /** Texts in which every character stands for itself within a JSON string. */
    public Term withoutEscapes() {
        CharSet escaped = CharSet.of(0, 0x1F, '"', '"', '\\', '\\', 0x7F, 0x7F);
        return terms.repeated(terms.chars(escaped.complement()), 0, Term.UNLIMITED);
    }

    /**
     * @return null when the set is empty
     * @throws PatternException when it takes too many states
     */
    public @Nullable Automaton automaton(Term term) {
        Automaton known = automata.get(term);
        if (known == null) {
            known = AutomatonBuilder.of(term, terms, work);
            if (known != null) {
                automata.put(term, known);
            }
        }
        return known;
    }
}
