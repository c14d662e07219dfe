package io.shiftadd.inference.grammar.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A schema as it was written. Its values meet all of its parts. Compared by identity.
 *
 * @param where JSON pointer to it
 * @param own the keywords that speak of values themselves; null when there are none
 * @param reference target of {@code $ref}, null = none
 * @param all the schemas of {@code allOf}
 * @param options for each of {@code anyOf} and {@code oneOf}, schemas of which one must be met
 */
record Schema(
        String where, @Nullable Assertions own, @Nullable String reference, List<Schema> all, List<Options> options) {

    /** @param exclusive whether a value may meet one of the schemas only */
    record Options(String where, List<Schema> schemas, boolean exclusive) {

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** Whether every value meets it. */
    boolean asksForNothing() {
        return own == null && reference == null && all.isEmpty() && options.isEmpty();
    }

    /** Whether it is {@code false}. */
    boolean allowsNothing() {
        return own != null && own.never();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
