package io.shiftadd.model.cache;

import java.util.List;

/**
 * The tokens of one step: consecutive segments, each of one sequence with a cache of its own that appears only once. A
 * segment's positions continue at its cache's length. A prompt is one long segment, a decoding batch many of one token.
 *
 * @param ids of all segments' tokens, one after another; not copied
 */
public record TokenBatch(int[] ids, List<Segment> segments) {

    /** The next {@code count} tokens of the sequence in {@code cache}. */
    public record Segment(KvCache cache, int count) {

        public Segment {
            if (count < 1 || count > cache.capacity() - cache.length()) {
                throw new IllegalArgumentException("a segment of " + count + " tokens does not fit a cache that holds "
                        + cache.length() + " of at most " + cache.capacity());
            }
        }
    }

    public TokenBatch {
        segments = List.copyOf(segments);
        int tokens = 0;
        for (Segment segment : segments) {
            tokens = Math.addExact(tokens, segment.count());
        }
        if (tokens != ids.length) {
            throw new IllegalArgumentException(ids.length + " ids for segments of " + tokens + " tokens");
        }
    }

    /** One sequence alone. */
    public static TokenBatch of(KvCache cache, int... ids) {
        return new TokenBatch(ids, List.of(new Segment(cache, ids.length)));
    }

    public int tokens() {
        return ids.length;
    }
}
