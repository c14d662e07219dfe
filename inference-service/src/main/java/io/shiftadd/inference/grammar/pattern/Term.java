package io.shiftadd.inference.grammar.pattern;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression over characters, with intersection and complement. Made by {@link Terms} only, which gives equal
 * expressions the same object, so that identity is equality.
 */
public final class Term {

    static final int UNLIMITED = Integer.MAX_VALUE;

    enum Kind {
        CHARACTER,
        EMPTY,
        SEQUENCE,
        EITHER,
        BOTH,
        NOT,
        REPEATED
    }

    final int id;
    final Kind kind;
    final CharSet chars;
    final List<Term> parts;
    final int minimum;
    final int maximum;
    /** Whether the empty text is one of its texts. */
    final boolean nullable;

    /** Where the derivative by a character changes, sorted; computed at the first use. */
    int @Nullable [] cuts;

    Term(int id, Key key) {
        this.id = id;
        this.kind = key.kind();
        this.chars = key.chars();
        this.parts = key.parts();
        this.minimum = key.minimum();
        this.maximum = key.maximum();
        this.nullable = switch (kind) {
            case CHARACTER -> false;
            case EMPTY -> true;
            case SEQUENCE, BOTH -> parts.stream().allMatch(part -> part.nullable);
            case EITHER -> parts.stream().anyMatch(part -> part.nullable);
            case NOT -> !parts.getFirst().nullable;
            case REPEATED -> minimum == 0 || parts.getFirst().nullable;
        };
    }

    /** What makes two terms equal; parts are compared by identity. */
    record Key(Kind kind, CharSet chars, List<Term> parts, int minimum, int maximum) {}
}
