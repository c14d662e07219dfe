package io.shiftadd.inference.generation.sampling;

import io.shiftadd.inference.generation.sampling.ScoredToken.Alternative;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code log p[v] = z[v] − max z − log Σ_w exp(z[w] − max z)} over one row of logits.
 *
 * <p>Logits float32, sum in float64. Nothing is mutated. The relative error of the sum is below 1e-12 for vocabularies
 * up to a million.
 */
public final class LogSoftmax {

    private final float[] logits;
    private final int offset;
    private final int vocabulary;
    private final double max;
    private final double logSum;

    /** Reads {@code logits[offset … offset + vocabulary)} and keeps the reference: use it before the row changes. */
    public LogSoftmax(float[] logits, int offset, int vocabulary) {
        this.logits = logits;
        this.offset = offset;
        this.vocabulary = vocabulary;
        float largest = Float.NEGATIVE_INFINITY;
        for (int v = offset; v < offset + vocabulary; v++) {
            largest = Math.max(largest, logits[v]);
        }
        max = largest;
        double sum = 0;
        for (int v = offset; v < offset + vocabulary; v++) {
            sum += Math.exp(logits[v] - max);
        }
        logSum = Math.log(sum);
    }

    public double of(int token) {
        return logits[offset + token] - max - logSum;
    }

    /** The token with its {@code count} most probable alternatives. */
    public ScoredToken score(int token, int count) {
        return new ScoredToken(token, of(token), top(count));
    }

    /** The most probable tokens, most probable first, the lower id first among equals. */
    private List<Alternative> top(int count) {
        int[] best = new int[Math.min(count, vocabulary)];
        int filled = 0;
        for (int v = 0; v < vocabulary && best.length > 0; v++) {
            float logit = logits[offset + v];
            if (filled == best.length && logit <= logits[offset + best[filled - 1]]) {
                continue;
            }
            int at = filled < best.length ? filled++ : filled - 1;
            while (at > 0 && logits[offset + best[at - 1]] < logit) {
                best[at] = best[at - 1];
                at--;
            }
            best[at] = v;
        }
        List<Alternative> top = new ArrayList<>(best.length);
        for (int v : best) {
            top.add(new Alternative(v, of(v)));
        }
        return top;
    }
}
