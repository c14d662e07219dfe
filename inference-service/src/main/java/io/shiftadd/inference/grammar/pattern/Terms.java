package io.shiftadd.inference.grammar.pattern;

import io.shiftadd.inference.grammar.pattern.Term.Key;
import io.shiftadd.inference.grammar.pattern.Term.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes terms in a normal form, and their derivatives: what may follow a character (J. Brzozowski, Derivatives of
 * Regular Expressions, 1964; the classes of characters after S. Owens et al., Regular-expression derivatives
 * re-examined, 2009). Intersections and complements cost no more than unions so. For one thread.
 */
final class Terms {

    private final Map<Key, Term> made = new HashMap<>();
    private final Map<Long, Term> derivatives = new HashMap<>();
    private final Work work;

    final Term nothing;
    final Term empty;
    final Term any;
    /** Every text. */
    final Term all;

    Terms(Work work) {
        this.work = work;
        nothing = intern(Kind.CHARACTER, CharSet.NONE, List.of(), 0, 0);
        empty = intern(Kind.EMPTY, CharSet.NONE, List.of(), 0, 0);
        any = intern(Kind.CHARACTER, CharSet.ALL, List.of(), 0, 0);
        all = intern(Kind.REPEATED, CharSet.NONE, List.of(any), 0, Term.UNLIMITED);
    }

    private Term intern(Kind kind, CharSet chars, List<Term> parts, int minimum, int maximum) {
        work.charge(1 + parts.size());
        return made.computeIfAbsent(new Key(kind, chars, parts, minimum, maximum), key -> new Term(made.size(), key));
    }

    Term chars(CharSet set) {
        return intern(Kind.CHARACTER, set, List.of(), 0, 0);
    }

    Term text(String literal) {
        Term term = empty;
        int[] characters = literal.codePoints().toArray();
        for (int i = characters.length - 1; i >= 0; i--) {
            term = sequence(chars(CharSet.of(characters[i], characters[i])), term);
        }
        return term;
    }

    Term sequence(Term first, Term rest) {
        if (first == nothing || rest == nothing) {
            return nothing;
        }
        if (first == empty) {
            return rest;
        }
        if (rest == empty || first == all && rest == all) {
            return first;
        }
        if (first.kind == Kind.SEQUENCE) {
            return sequence(first.parts.getFirst(), sequence(first.parts.get(1), rest));
        }
        return intern(Kind.SEQUENCE, CharSet.NONE, List.of(first, rest), 0, 0);
    }

    Term either(List<Term> options) {
        TreeMap<Integer, Term> kept = new TreeMap<>();
        CharSet single = CharSet.NONE;
        for (Term option : options) {
            work.charge(option.parts.size());
            for (Term part : option.kind == Kind.EITHER ? option.parts : List.of(option)) {
                if (part == all) {
                    return all;
                }
                if (part.kind == Kind.CHARACTER) {
                    single = single.or(part.chars);
                } else {
                    kept.put(part.id, part);
                }
            }
        }
        if (!single.isEmpty()) {
            Term characters = chars(single);
            kept.put(characters.id, characters);
        }
        return kept.isEmpty() ? nothing : ofParts(Kind.EITHER, List.copyOf(kept.values()));
    }

    Term both(List<Term> conditions) {
        TreeMap<Integer, Term> kept = new TreeMap<>();
        for (Term condition : conditions) {
            work.charge(condition.parts.size());
            for (Term part : condition.kind == Kind.BOTH ? condition.parts : List.of(condition)) {
                if (part == nothing) {
                    return nothing;
                }
                if (part != all) {
                    kept.put(part.id, part);
                }
            }
        }
        if (kept.containsKey(empty.id)) {
            return kept.values().stream().allMatch(part -> part.nullable) ? empty : nothing;
        }
        return kept.isEmpty() ? all : ofParts(Kind.BOTH, List.copyOf(kept.values()));
    }

    private Term ofParts(Kind kind, List<Term> parts) {
        return parts.size() == 1 ? parts.getFirst() : intern(kind, CharSet.NONE, parts, 0, 0);
    }

    Term not(Term term) {
        if (term == nothing) {
            return all;
        }
        if (term == all) {
            return nothing;
        }
        return term.kind == Kind.NOT ? term.parts.getFirst() : intern(Kind.NOT, CharSet.NONE, List.of(term), 0, 0);
    }

    Term repeated(Term term, int minimum, int maximum) {
        if (maximum == 0 || term == empty) {
            return empty;
        }
        if (term == nothing) {
            return minimum == 0 ? empty : nothing;
        }
        int least = term.nullable ? 0 : minimum;
        if (least == 1 && maximum == 1) {
            return term;
        }
        if (term.kind == Kind.REPEATED && term.minimum == 0 && term.maximum == Term.UNLIMITED) {
            return term;
        }
        return intern(Kind.REPEATED, CharSet.NONE, List.of(term), least, maximum);
    }

    Term derivative(Term term, int character) {
        long key = (long) term.id << 32 | character;
        Term known = derivatives.get(key);
        if (known == null) {
            work.charge(1);
            known = derive(term, character);
            derivatives.put(key, known);
        }
        return known;
    }

    private Term derive(Term term, int c) {
        return switch (term.kind) {
            case CHARACTER -> term.chars.has(c) ? empty : nothing;
            case EMPTY -> nothing;
            case SEQUENCE -> {
                Term rest = term.parts.get(1);
                Term first = sequence(derivative(term.parts.getFirst(), c), rest);
                yield term.parts.getFirst().nullable ? either(List.of(first, derivative(rest, c))) : first;
            }
            case EITHER -> either(eachDerivative(term, c));
            case BOTH -> both(eachDerivative(term, c));
            case NOT -> not(derivative(term.parts.getFirst(), c));
            case REPEATED -> {
                Term part = term.parts.getFirst();
                int more = term.maximum == Term.UNLIMITED ? Term.UNLIMITED : term.maximum - 1;
                yield sequence(derivative(part, c), repeated(part, Math.max(0, term.minimum - 1), more));
            }
        };
    }

    private List<Term> eachDerivative(Term term, int c) {
        List<Term> derived = new ArrayList<>(term.parts.size());
        term.parts.forEach(part -> derived.add(derivative(part, c)));
        return derived;
    }

    /** Where the derivative changes: it is the same for all characters from one cut to the next. */
    int[] cuts(Term term) {
        int[] known = term.cuts;
        if (known == null) {
            known = switch (term.kind) {
                case CHARACTER -> term.chars.cuts();
                case EMPTY -> new int[0];
                case SEQUENCE -> term.parts.getFirst().nullable ? cutsOfParts(term) : cuts(term.parts.getFirst());
                case EITHER, BOTH -> cutsOfParts(term);
                case NOT, REPEATED -> cuts(term.parts.getFirst());
            };
            work.charge(known.length);
            term.cuts = known;
        }
        return known;
    }

    private int[] cutsOfParts(Term term) {
        int[] all = cuts(term.parts.getFirst());
        for (int i = 1; i < term.parts.size(); i++) {
            all = merged(all, cuts(term.parts.get(i)));
        }
        return all;
    }

    /** Both sorted lists as one, without doubles. */
    static int[] merged(int[] a, int[] b) {
        if (a == b || b.length == 0) {
            return a;
        }
        int[] all = new int[a.length + b.length];
        int count = 0;
        int i = 0;
        int j = 0;
        while (i < a.length || j < b.length) {
            int next = j == b.length || i < a.length && a[i] <= b[j] ? a[i] : b[j];
            i += i < a.length && a[i] == next ? 1 : 0;
            j += j < b.length && b[j] == next ? 1 : 0;
            all[count++] = next;
        }
        return count == a.length ? a : Arrays.copyOf(all, count);
    }

    Term texts(List<String> literals) {
        return either(literals.stream().map(this::text).toList());
    }
}
