package io.shiftadd.inference.grammar.pattern;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A set of Unicode scalar values (no surrogates), as sorted ranges that do not touch. Immutable. */
final class CharSet {

    private static final int LAST = Character.MAX_CODE_POINT;
    private static final int SURROGATES = 0xD800;
    private static final int AFTER_SURROGATES = 0xE000;

    static final CharSet NONE = new CharSet(new int[0]);
    static final CharSet ALL = new CharSet(new int[] {0, SURROGATES - 1, AFTER_SURROGATES, LAST});

    /** First and last of each range in turn. */
    private final int[] bounds;

    private CharSet(int[] bounds) {
        this.bounds = bounds;
    }

    static CharSet of(int... firstAndLast) {
        CharSet all = NONE;
        for (int i = 0; i < firstAndLast.length; i += 2) {
            all = all.or(new CharSet(new int[] {firstAndLast[i], firstAndLast[i + 1]}));
        }
        return all.and(ALL);
    }

    static CharSet ofText(String text) {
        return of(text.codePoints().flatMap(c -> IntStream.of(c, c)).toArray());
    }

    /** All characters for which this is true. */
    static CharSet where(IntPredicate property) {
        IntStream.Builder bounds = IntStream.builder();
        boolean before = false;
        for (int c = 0; c <= LAST; c++) {
            boolean now = property.test(c);
            if (now != before) {
                bounds.add(now ? c : c - 1);
            }
            before = now;
        }
        if (before) {
            bounds.add(LAST);
        }
        return new CharSet(bounds.build().toArray()).and(ALL);
    }

    CharSet or(CharSet other) {
        return combine(other, true);
    }

    CharSet and(CharSet other) {
        return combine(other, false);
    }

    CharSet complement() {
        int[] turned = new int[bounds.length + 2];
        int count = 0;
        int from = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            if (bounds[i] > from) {
                turned[count++] = from;
                turned[count++] = bounds[i] - 1;
            }
            from = bounds[i + 1] + 1;
        }
        if (from <= LAST) {
            turned[count++] = from;
            turned[count++] = LAST;
        }
        return new CharSet(Arrays.copyOf(turned, count)).and(ALL);
    }

    private CharSet combine(CharSet other, boolean either) {
        int[] cuts = new int[bounds.length + other.bounds.length];
        int count = 0;
        for (CharSet set : new CharSet[] {this, other}) {
            for (int i = 0; i < set.bounds.length; i++) {
                cuts[count++] = set.bounds[i] + (i & 1);
            }
        }
        Arrays.sort(cuts);
        int[] made = new int[2 * cuts.length];
        int size = 0;
        for (int i = 0; i < cuts.length; i++) {
            int from = cuts[i];
            int to = i + 1 < cuts.length ? cuts[i + 1] - 1 : from;
            boolean in = either ? has(from) || other.has(from) : has(from) && other.has(from);
            if (!in || to < from) {
                continue;
            }
            if (size > 0 && made[size - 1] == from - 1) {
                made[size - 1] = to;
            } else {
                made[size++] = from;
                made[size++] = to;
            }
        }
        return new CharSet(Arrays.copyOf(made, size));
    }

    boolean has(int codePoint) {
        int at = Arrays.binarySearch(bounds, codePoint);
        return at >= 0 || (-at - 1 & 1) == 1;
    }

    boolean isEmpty() {
        return bounds.length == 0;
    }

    /** Where membership changes: the first of each range, and what follows its last. */
    int[] cuts() {
        int[] cuts = bounds.clone();
        for (int i = 1; i < cuts.length; i += 2) {
            cuts[i]++;
        }
        return cuts;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CharSet set && Arrays.equals(bounds, set.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }
}
