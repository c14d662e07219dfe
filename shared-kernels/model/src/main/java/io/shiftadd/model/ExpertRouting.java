package io.shiftadd.model;

import io.shiftadd.model.family.ModelConfig.ExpertSettings;
import io.shiftadd.model.layers.Elementwise;
import java.util.Arrays;

/**
 * Which experts a router chose for each token of a batch, and how much they count, sorted by experts. Reused from batch
 * to batch. Rows of an expert are its tokens in their order.
 */
final class ExpertRouting {

    private int[] starts = {};
    private int[] tokens = {};
    private float[] weights = {};
    private int[] chosen = {};
    private float[] shares = {};
    private float[] ones = {};

    /**
     * Chooses those with the largest probabilities; of equal ones, the first.
     *
     * @param logits {@code [tokens, experts]}, overwritten with probabilities
     */
    ExpertRouting set(float[] logits, int count, int experts, ExpertSettings settings) {
        if (ones.length != experts) {
            ones = new float[experts];
            Arrays.fill(ones, 1);
        }
        return set(logits, count, experts, settings, ones);
    }

    /**
     * The same, with some experts preferred.
     *
     * @param preferences what probabilities are multiplied by for the choice; what an expert counts stays its
     *     probability
     */
    ExpertRouting set(float[] logits, int count, int experts, ExpertSettings settings, float[] preferences) {
        int perToken = settings.perToken();
        if (chosen.length < count * perToken) {
            chosen = new int[count * perToken];
            shares = new float[count * perToken];
            tokens = new int[count * perToken];
            weights = new float[count * perToken];
        }
        for (int t = 0; t < count; t++) {
            softmax(logits, t * experts, experts);
            choose(logits, t * experts, preferences, t * perToken, settings);
        }
        sort(count, experts, perToken);
        return this;
    }

    private static void softmax(float[] x, int from, int count) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = from; i < from + count; i++) {
            largest = Math.max(largest, x[i]);
        }
        float sum = 0;
        for (int i = from; i < from + count; i++) {
            x[i] = (float) Math.exp(x[i] - largest);
            sum += x[i];
        }
        for (int i = from; i < from + count; i++) {
            x[i] /= sum;
        }
    }

    private void choose(float[] probabilities, int from, float[] preferences, int to, ExpertSettings settings) {
        float sum = 0;
        for (int i = 0; i < settings.perToken(); i++) {
            int best = 0;
            for (int e = 1; e < preferences.length; e++) {
                boolean better =
                        preferences[e] * probabilities[from + e] > preferences[best] * probabilities[from + best];
                best = better ? e : best;
            }
            chosen[to + i] = best;
            shares[to + i] = probabilities[from + best];
            sum += probabilities[from + best];
            // chosen once
            probabilities[from + best] = -1;
        }
        for (int i = 0; settings.normalised() && i < settings.perToken(); i++) {
            shares[to + i] /= sum;
        }
    }

    private void sort(int count, int experts, int perToken) {
        if (starts.length < experts + 1) {
            starts = new int[experts + 1];
        }
        Arrays.fill(starts, 0);
        for (int i = 0; i < count * perToken; i++) {
            starts[chosen[i]]++;
        }
        int sum = 0;
        for (int e = 0; e <= experts; e++) {
            int own = e < experts ? starts[e] : 0;
            sum += own;
            starts[e] = sum;
        }
        // from the last to the first, each expert's part is filled from its end
        for (int i = count * perToken - 1; i >= 0; i--) {
            int at = --starts[chosen[i]];
            tokens[at] = i / perToken;
            weights[at] = shares[i];
        }
    }

    /** The expert of each token, where each has one. */
    int[] chosen(int count) {
        return Arrays.copyOf(chosen, count);
    }

    /** Tokens of an expert. */
    int rows(int expert) {
        return starts[expert + 1] - starts[expert];
    }

    /** {@code y[i] = x[token of row i]}. */
    void gather(int expert, float[] x, float[] y, int width) {
        for (int i = starts[expert]; i < starts[expert + 1]; i++) {
            System.arraycopy(x, tokens[i] * width, y, (i - starts[expert]) * width, width);
        }
    }

    /** Multiplies each row by what the expert counts for its token. */
    void weigh(int expert, float[] rows, int width) {
        for (int i = starts[expert]; i < starts[expert + 1]; i++) {
            int at = (i - starts[expert]) * width;
            Elementwise.scale(weights[i], rows, at, at + width);
        }
    }

    /** {@code y[token of row i] += rows[i]}. */
    void addTo(int expert, float[] rows, float[] y, int width) {
        for (int i = starts[expert]; i < starts[expert + 1]; i++) {
            Elementwise.add(rows, (i - starts[expert]) * width, y, tokens[i] * width, width);
        }
    }

    /** {@code y[token of row i] = rows[i]}, 0 elsewhere. */
    void spread(int expert, float[] rows, float[] y, int count, int width) {
        Arrays.fill(y, 0, count * width, 0);
        for (int i = starts[expert]; i < starts[expert + 1]; i++) {
            System.arraycopy(rows, (i - starts[expert]) * width, y, tokens[i] * width, width);
        }
    }

    /** {@code y = x} for the expert's tokens, 0 elsewhere. */
    void mask(int expert, float[] x, float[] y, int count, int width) {
        Arrays.fill(y, 0, count * width, 0);
        for (int i = starts[expert]; i < starts[expert + 1]; i++) {
            System.arraycopy(x, tokens[i] * width, y, tokens[i] * width, width);
        }
    }
}
