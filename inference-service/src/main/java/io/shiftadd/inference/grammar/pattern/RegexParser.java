package io.shiftadd.inference.grammar.pattern;

import io.shiftadd.inference.grammar.pattern.Regex.Anchor;
import io.shiftadd.inference.grammar.pattern.Regex.Characters;
import io.shiftadd.inference.grammar.pattern.Regex.Choice;
import io.shiftadd.inference.grammar.pattern.Regex.Look;
import io.shiftadd.inference.grammar.pattern.Regex.Repeat;
import io.shiftadd.inference.grammar.pattern.Regex.Sequence;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a regular expression as ECMA-262 has it, with the flag u: alternation, sequence, quantifiers, groups,
 * lookahead.
 */
final class RegexParser {

    private static final int MAX_LENGTH = 2_000;
    private static final int MAX_NESTED = 50;
    private static final int MAX_REPEATED = 10_000;

    private final RegexInput in;
    private int nested;

    private RegexParser(String source) {
        this.in = new RegexInput(source);
    }

    static Regex parse(String source) {
        if (source.length() > MAX_LENGTH) {
            throw new PatternException("is a regular expression of more than " + MAX_LENGTH + " characters");
        }
        RegexParser parser = new RegexParser(source);
        Regex regex = parser.choice();
        if (!parser.in.atEnd()) {
            throw parser.in.wrong("')' closes nothing");
        }
        return regex;
    }

    private Regex choice() {
        if (++nested > MAX_NESTED) {
            throw in.wrong("groups are more than " + MAX_NESTED + " deep");
        }
        List<Regex> options = new ArrayList<>();
        do {
            options.add(sequence());
        } while (in.take("|"));
        nested--;
        return options.size() == 1 ? options.getFirst() : new Choice(options);
    }

    private Regex sequence() {
        List<Regex> parts = new ArrayList<>();
        while (!in.atEnd() && in.peek() != '|' && in.peek() != ')') {
            Regex part = part();
            parts.add(part instanceof Anchor || part instanceof Look ? part : quantified(part));
        }
        return new Sequence(parts);
    }

    private Regex part() {
        if (in.take("^")) {
            return Anchor.START;
        }
        if (in.take("$")) {
            return Anchor.END;
        }
        if (in.take("(")) {
            return group();
        }
        if (in.take("[")) {
            return new Characters(CharacterClasses.afterBracket(in));
        }
        if (in.take(".")) {
            return new Characters(CharacterClasses.DOT);
        }
        int at = in.position();
        int next = in.next();
        if (next == '\\') {
            return new Characters(CharacterClasses.escape(in));
        }
        if ("*+?{".indexOf(next) >= 0) {
            throw in.wrong(at, "'" + Character.toString(next) + "' repeats nothing");
        }
        return new Characters(CharSet.of(next, next));
    }

    private Regex group() {
        Regex inner;
        int at = in.position() - 1;
        if (in.take("?=") || in.take("?!")) {
            boolean negative = in.before() == '!';
            inner = new Look(choice(), negative);
        } else if (in.take("?<=") || in.take("?<!")) {
            throw in.wrong(at, "lookbehind is not supported");
        } else if (in.take("?<")) {
            while (!in.take(">")) {
                in.next();
            }
            inner = choice();
        } else if (in.take("?:")) {
            inner = choice();
        } else if (!in.atEnd() && in.peek() == '?') {
            throw in.wrong(at, "this kind of group is not supported");
        } else {
            inner = choice();
        }
        if (!in.take(")")) {
            throw in.wrong(at, "'(' is not closed");
        }
        return inner;
    }

    private Regex quantified(Regex part) {
        int minimum;
        int maximum;
        if (in.take("*")) {
            minimum = 0;
            maximum = Term.UNLIMITED;
        } else if (in.take("+")) {
            minimum = 1;
            maximum = Term.UNLIMITED;
        } else if (in.take("?")) {
            minimum = 0;
            maximum = 1;
        } else if (in.take("{")) {
            minimum = count();
            maximum = in.take(",") ? !in.atEnd() && in.peek() == '}' ? Term.UNLIMITED : count() : minimum;
            if (!in.take("}") || minimum > maximum) {
                throw in.wrong("a quantifier is {n}, {n,} or {n,m} with n ≤ m");
            }
        } else {
            return part;
        }
        // Whether as much or as little as possible is taken decides nothing about which texts match.
        in.take("?");
        return new Repeat(part, minimum, maximum);
    }

    private int count() {
        int count = 0;
        int digits = 0;
        while (!in.atEnd() && in.peek() >= '0' && in.peek() <= '9') {
            count = Math.min(MAX_REPEATED + 1, 10 * count + in.next() - '0');
            digits++;
        }
        if (digits == 0 || count > MAX_REPEATED) {
            throw in.wrong("a quantifier counts from 0 to " + MAX_REPEATED);
        }
        return count;
    }
}
