package io.shiftadd.model.cache;

import java.util.Arrays;
import java.util.List;

/** Where each token of a batch stands: which segment, which position of its sequence. */
public final class BatchLayout {

    private int tokens;
    private int[] segmentOf = {};
    private int[] positionOf = {};
    private int[] firstOf = {};
    private int[] endOf = {};

    public void set(TokenBatch batch) {
        tokens = batch.ids().length;
        if (segmentOf.length < tokens) {
            segmentOf = new int[tokens];
            positionOf = new int[tokens];
        }
        List<TokenBatch.Segment> segments = batch.segments();
        if (firstOf.length < segments.size()) {
            firstOf = new int[segments.size()];
            endOf = new int[segments.size()];
        }
        int token = 0;
        for (int s = 0; s < segments.size(); s++) {
            TokenBatch.Segment segment = segments.get(s);
            int position = segment.cache().length();
            firstOf[s] = token;
            endOf[s] = position + segment.count();
            Arrays.fill(segmentOf, token, token + segment.count(), s);
            for (int i = 0; i < segment.count(); i++) {
                positionOf[token++] = position++;
            }
        }
    }

    public int tokens() {
        return tokens;
    }

    public int segment(int token) {
        return segmentOf[token];
    }

    public int position(int token) {
        return positionOf[token];
    }

    /** Index of a segment's first token. */
    public int firstToken(int segment) {
        return firstOf[segment];
    }

    /** Length of a token's sequence after this batch. */
    public int sequenceEnd(int token) {
        return endOf[segmentOf[token]];
    }
}
