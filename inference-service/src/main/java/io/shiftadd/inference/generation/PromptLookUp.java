package io.shiftadd.inference.generation;

import java.util.function.IntUnaryOperator;

/**
 * Where the last tokens of a text stood in it before, and so how it may go on: summaries, quotations and edited code
 * repeat what they are made from. Knows for each {@link #GRAM} tokens the last place where they stood.
 */
final class PromptLookUp {

    /** Two tokens stand together too often to say what follows. */
    static final int GRAM = 3;

    /** Counted no further than this. */
    static final int LONGEST_MATCH = 32;

    private static final int MOST_PLACES = 1 << 17;
    private static final int FIRST_FACTOR = 0x9E3779B1;
    private static final int SECOND_FACTOR = 0x85EBCA6B;

    /** By the hash of a gram the position after it; 0 = it has not stood anywhere. The last one of a hash stays. */
    private final int[] places;

    private final int shift;
    private int seen = GRAM;

    /** @param capacity tokens that the text may have */
    PromptLookUp(int capacity) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.clamp(4L * capacity, 2, MOST_PLACES) - 1);
        places = new int[1 << bits];
        shift = Integer.SIZE - bits;
    }

    /** @param length how many of the last tokens stood there, too */
    record Place(int next, int length) {

        static final Place NONE = new Place(0, 0);
    }

    /**
     * The place before where the last tokens stood.
     *
     * @param token of a position of the text, which only grows from call to call
     * @param length of the text now
     */
    Place find(IntUnaryOperator token, int length) {
        for (; seen < length; seen++) {
            places[hash(token, seen)] = seen;
        }
        if (length < GRAM) {
            return Place.NONE;
        }
        int next = places[hash(token, length)];
        int match = 0;
        int longest = Math.min(next, LONGEST_MATCH);
        while (match < longest && token.applyAsInt(next - 1 - match) == token.applyAsInt(length - 1 - match)) {
            match++;
        }
        return match < GRAM ? Place.NONE : new Place(next, match);
    }

    /** What followed there, and, where the text ends, what follows if it goes round. */
    static int[] following(Place place, IntUnaryOperator token, int length, int count) {
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++) {
            int at = place.next() + i;
            tokens[i] = at < length ? token.applyAsInt(at) : tokens[at - length];
        }
        return tokens;
    }

    private int hash(IntUnaryOperator token, int end) {
        int hash = 0;
        for (int i = end - GRAM; i < end; i++) {
            hash = (hash ^ token.applyAsInt(i)) * FIRST_FACTOR;
            hash ^= hash >>> (Integer.SIZE / 2);
        }
        return hash * SECOND_FACTOR >>> shift;
    }
}
