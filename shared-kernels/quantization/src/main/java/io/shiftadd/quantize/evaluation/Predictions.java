package io.shiftadd.quantize.evaluation;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.KvCache;
import io.shiftadd.model.TokenBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * What one or two models foresee at every token of windows, measured token by token: all but the first token of every
 * window, windows in their order, a few tokens' logits in memory at once. Measures are double, and summed in the order
 * of the tokens: the same on any number of threads.
 */
final class Predictions {

    /** Tokens that go through a model at once. */
    private static final int BATCH_TOKENS = 4096;

    /** Logits of a model that are in memory at once. */
    private static final int BATCH_LOGITS = 1 << 24;

    private final List<CausalLanguageModel> models;
    private final KernelContext context;
    private final Mean[] means;

    /** What is measured of a token. */
    @FunctionalInterface
    interface TokenMeasure {

        /**
         * @param logits of each model; the token's begin at {@code offset}
         * @param wanted the token that follows
         * @param values gets what is measured, from {@code at}
         */
        void measure(float[][] logits, int offset, int vocabulary, int wanted, double[] values, int at);
    }

    /** @param measures that a {@link TokenMeasure} takes of a token */
    Predictions(List<CausalLanguageModel> models, int measures, KernelContext context) {
        this.models = models;
        this.context = context;
        means = new Mean[measures];
        for (int i = 0; i < measures; i++) {
            means[i] = new Mean();
        }
    }

    /** @return the mean of each measure */
    Mean[] over(int[][] windows, TokenMeasure measure, Perplexity.Progress progress) {
        if (windows.length == 0) {
            throw new IllegalArgumentException("perplexity needs at least one window of text");
        }
        int from = 0;
        while (from < windows.length) {
            int end = from + 1;
            int tokens = windows[from].length;
            while (end < windows.length && tokens + windows[end].length <= BATCH_TOKENS) {
                tokens += windows[end++].length;
            }
            batch(windows, from, end, measure);
            from = end;
            progress.evaluated(end, windows.length);
        }
        return means;
    }

    private void batch(int[][] windows, int from, int end, TokenMeasure measure) {
        float[][] hidden = new float[models.size()][];
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] = forward(models.get(i), windows, from, end);
        }
        int first = 0;
        for (int i = from; i < end; i++) {
            window(windows[i], hidden, first, measure);
            first += windows[i].length;
        }
    }

    private float[] forward(CausalLanguageModel model, int[][] windows, int from, int end) {
        List<TokenBatch.Segment> segments = new ArrayList<>();
        int tokens = 0;
        for (int i = from; i < end; i++) {
            if (windows[i].length < 2) {
                throw new IllegalArgumentException("window " + i + " has nothing to foresee: it needs two tokens");
            }
            KvCache cache = model.newCache(windows[i].length);
            segments.add(new TokenBatch.Segment(cache, windows[i].length));
            tokens += windows[i].length;
        }
        int[] ids = new int[tokens];
        int at = 0;
        for (int i = from; i < end; i++) {
            System.arraycopy(windows[i], 0, ids, at, windows[i].length);
            at += windows[i].length;
        }
        float[] hidden = new float[Math.multiplyExact(tokens, model.config().hiddenSize())];
        model.forward(new TokenBatch(ids, segments), hidden, context);
        return hidden;
    }

    /** @param first of the window's tokens among those of the hidden states */
    private void window(int[] window, float[][] hidden, int first, TokenMeasure measure) {
        int vocabulary = models.getFirst().config().vocabularySize();
        int predictions = window.length - 1;
        int step = Math.clamp(BATCH_LOGITS / vocabulary, 1, predictions);
        float[][] logits = new float[models.size()][Math.multiplyExact(step, vocabulary)];
        double[] values = new double[step * means.length];
        for (int from = 0; from < predictions; from += step) {
            int start = from;
            int count = Math.min(step, predictions - from);
            for (int i = 0; i < logits.length; i++) {
                CausalLanguageModel model = models.get(i);
                int width = model.config().hiddenSize();
                float[] states = new float[count * width];
                System.arraycopy(hidden[i], (first + from) * width, states, 0, states.length);
                model.logits(states, count, logits[i], context);
            }
            context.parallelFor(
                    count,
                    (t, _) -> measure.measure(
                            logits, t * vocabulary, vocabulary, window[start + t + 1], values, t * means.length));
            for (int t = 0; t < count; t++) {
                for (int m = 0; m < means.length; m++) {
                    means[m].add(values[t * means.length + m]);
                }
            }
        }
    }

    static float greatest(float[] logits, int offset, int count) {
        float greatest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            greatest = Math.max(greatest, logits[offset + i]);
        }
        return greatest;
    }

    /** A mean that grows, and how sure it is. */
    static final class Mean {

        private double sum;
        private double squares;
        private long count;

        private void add(double value) {
            sum += value;
            squares += value * value;
            count++;
        }

        long count() {
            return count;
        }

        double value() {
            return sum / count;
        }

        /** NaN for a single value. */
        double standardError() {
            return Math.sqrt(Math.max(0, squares / count - value() * value()) / (count - 1.0));
        }
    }
}
