package io.shiftadd.inference.grammar.pattern;

import java.util.List;

/** A regular expression as it was written. */
sealed interface Regex {

    record Characters(CharSet set) implements Regex {}

    record Sequence(List<Regex> parts) implements Regex {}

    record Choice(List<Regex> options) implements Regex {}

    record Repeat(Regex part, int minimum, int maximum) implements Regex {}

    /** What follows must, or must not, begin so. */
    record Look(Regex ahead, boolean negative) implements Regex {}

    enum Anchor implements Regex {
        START,
        END
    }

    /** Whether it looks at where it stands, and not only at the characters that it takes. */
    default boolean looksAround() {
        return switch (this) {
            case Characters _ -> false;
            case Sequence(var parts) -> parts.stream().anyMatch(Regex::looksAround);
            case Choice(var options) -> options.stream().anyMatch(Regex::looksAround);
            case Repeat repeat -> repeat.part().looksAround();
            case Look _, Anchor _ -> true;
        };
    }
}
