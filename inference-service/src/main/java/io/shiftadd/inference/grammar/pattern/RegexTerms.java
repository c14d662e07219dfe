package io.shiftadd.inference.grammar.pattern;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes terms of regular expressions. A term of an expression is made together with what follows it up to the end of
 * the text, so that {@code $} and lookahead, which speak of what follows, become intersections with it.
 */
final class RegexTerms {

    private final Terms terms;

    RegexTerms(Terms terms) {
        this.terms = terms;
    }

    /** The texts in which the expression is found somewhere. */
    Term search(Regex regex) {
        Term atStart = followed(regex, terms.all, true);
        Term later = followed(regex, terms.all, false);
        return terms.either(List.of(atStart, terms.sequence(terms.repeated(terms.any, 1, Term.UNLIMITED), later)));
    }

    /** @param atStart whether nothing stands before it */
    private Term followed(Regex regex, Term rest, boolean atStart) {
        if (!regex.looksAround()) {
            return terms.sequence(plain(regex), rest);
        }
        return switch (regex) {
            case Regex.Anchor anchor -> anchored(anchor, rest, atStart);
            case Regex.Look(var ahead, var negative) -> {
                Term found = followed(ahead, terms.all, atStart);
                yield terms.both(List.of(negative ? terms.not(found) : found, rest));
            }
            case Regex.Sequence(var parts) -> sequence(parts, rest, atStart);
            case Regex.Choice(var options) ->
                terms.either(options.stream()
                        .map(option -> followed(option, rest, atStart))
                        .toList());
            case Regex.Repeat(var part, var minimum, var maximum) -> {
                if (maximum > 1) {
                    throw new PatternException(
                            "cannot be kept to as a regular expression: anchors and lookahead in a part that is"
                                    + " repeated are not supported");
                }
                Term once = followed(part, rest, atStart);
                yield minimum == 1 ? once : maximum == 0 ? rest : terms.either(List.of(once, rest));
            }
            case Regex.Characters characters -> terms.sequence(plain(characters), rest);
        };
    }

    private Term anchored(Regex.Anchor anchor, Term rest, boolean atStart) {
        if (anchor == Regex.Anchor.START) {
            return atStart ? rest : terms.nothing;
        }
        return rest.nullable ? terms.empty : terms.nothing;
    }

    private Term sequence(List<Regex> parts, Term rest, boolean atStart) {
        boolean[] atStartOf = new boolean[parts.size()];
        boolean start = atStart;
        for (int i = 0; i < parts.size(); i++) {
            atStartOf[i] = start;
            Regex part = parts.get(i);
            if (start && !takesNothing(part)) {
                if (i + 1 < parts.size()
                        && mayTakeNothing(part)
                        && parts.subList(i + 1, parts.size()).stream().anyMatch(RegexTerms::asksForStart)) {
                    throw new PatternException("cannot be kept to as a regular expression: '^' is supported at the"
                            + " beginning of an alternative only");
                }
                start = false;
            }
        }
        Term term = rest;
        for (int i = parts.size() - 1; i >= 0; i--) {
            term = followed(parts.get(i), term, atStartOf[i]);
        }
        return term;
    }

    private static boolean takesNothing(Regex regex) {
        return switch (regex) {
            case Regex.Anchor _, Regex.Look _ -> true;
            case Regex.Characters _ -> false;
            case Regex.Sequence(var parts) -> parts.stream().allMatch(RegexTerms::takesNothing);
            case Regex.Choice(var options) -> options.stream().allMatch(RegexTerms::takesNothing);
            case Regex.Repeat repeat -> repeat.maximum() == 0 || takesNothing(repeat.part());
        };
    }

    private static boolean mayTakeNothing(Regex regex) {
        return switch (regex) {
            case Regex.Anchor _, Regex.Look _ -> true;
            case Regex.Characters _ -> false;
            case Regex.Sequence(var parts) -> parts.stream().allMatch(RegexTerms::mayTakeNothing);
            case Regex.Choice(var options) -> options.stream().anyMatch(RegexTerms::mayTakeNothing);
            case Regex.Repeat repeat -> repeat.minimum() == 0 || mayTakeNothing(repeat.part());
        };
    }

    private static boolean asksForStart(Regex regex) {
        return switch (regex) {
            case Regex.Anchor anchor -> anchor == Regex.Anchor.START;
            case Regex.Characters _ -> false;
            case Regex.Look look -> asksForStart(look.ahead());
            case Regex.Sequence(var parts) -> parts.stream().anyMatch(RegexTerms::asksForStart);
            case Regex.Choice(var options) -> options.stream().anyMatch(RegexTerms::asksForStart);
            case Regex.Repeat repeat -> asksForStart(repeat.part());
        };
    }

    private Term plain(Regex regex) {
        return switch (regex) {
            case Regex.Characters(var set) -> terms.chars(set);
            case Regex.Sequence(var parts) -> {
                Term term = terms.empty;
                for (Regex part : parts.reversed()) {
                    term = terms.sequence(plain(part), term);
                }
                yield term;
            }
            case Regex.Choice(var options) -> {
                List<Term> made = new ArrayList<>();
                options.forEach(option -> made.add(plain(option)));
                yield terms.either(made);
            }
            case Regex.Repeat(var part, var minimum, var maximum) -> terms.repeated(plain(part), minimum, maximum);
            case Regex.Look _, Regex.Anchor _ -> throw new IllegalStateException("looks around");
        };
    }
}
