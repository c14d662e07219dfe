package io.shiftadd.quantize.evaluation;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.TokenBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * How well a model foresees a text: {@code exp(mean(−ln p(token | those before it in its window)))} over all but the
 * first token of every window. Logits are the model's own floats, probabilities and sums double, windows in their order:
 * the same on any number of threads.
 *
 * @param value the perplexity
 * @param predictions tokens it is the mean of
 * @param standardError by the delta method over the tokens' losses; NaN for a single one
 */
public record Perplexity(double value, long predictions, double standardError) {

    /** Tokens that go through the model at once. */
    private static final int BATCH_TOKENS = 4096;

    /** Logits that are in memory at once. */
    private static final int BATCH_LOGITS = 1 << 24;

    /** Hears how far the evaluation is. */
    @FunctionalInterface
    public interface Progress {
        void evaluated(int windows, int ofWindows);
    }

    /**
     * @param windows {@code [windows][length]} of token ids, of at least two tokens each
     * @throws MeasurementException when the perplexity is no number
     */
    public static Perplexity evaluate(CausalLanguageModel model, int[][] windows, KernelContext context) {
        return evaluate(model, windows, context, (_, _) -> {});
    }

    public static Perplexity evaluate(
            CausalLanguageModel model, int[][] windows, KernelContext context, Progress progress) {
        if (windows.length == 0) {
            throw new IllegalArgumentException("perplexity needs at least one window of text");
        }
        double sum = 0;
        double squares = 0;
        long predictions = 0;
        int from = 0;
        while (from < windows.length) {
            int end = from + 1;
            int tokens = windows[from].length;
            while (end < windows.length && tokens + windows[end].length <= BATCH_TOKENS) {
                tokens += windows[end++].length;
            }
            for (double[] losses : losses(model, windows, from, end, context)) {
                for (double loss : losses) {
                    sum += loss;
                    squares += loss * loss;
                }
                predictions += losses.length;
            }
            from = end;
            progress.evaluated(end, windows.length);
        }
        double mean = sum / predictions;
        if (!Double.isFinite(Math.exp(mean))) {
            throw MeasurementException.notFinite("a perplexity of " + Math.exp(mean));
        }
        double variance = Math.max(0, squares / predictions - mean * mean) / (predictions - 1.0);
        return new Perplexity(Math.exp(mean), predictions, Math.exp(mean) * Math.sqrt(variance));
    }

    private static double[][] losses(
            CausalLanguageModel model, int[][] windows, int from, int end, KernelContext context) {
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
        int width = model.config().hiddenSize();
        float[] hidden = new float[Math.multiplyExact(tokens, width)];
        model.forward(new TokenBatch(ids, segments), hidden, context);
        double[][] losses = new double[end - from][];
        at = 0;
        for (int i = from; i < end; i++) {
            losses[i - from] = windowLosses(model, windows[i], hidden, at * width, context);
            at += windows[i].length;
        }
        return losses;
    }

    private static double[] windowLosses(
            CausalLanguageModel model, int[] window, float[] hidden, int offset, KernelContext context) {
        int vocabulary = model.config().vocabularySize();
        int width = model.config().hiddenSize();
        int predictions = window.length - 1;
        int step = Math.clamp(BATCH_LOGITS / vocabulary, 1, predictions);
        double[] losses = new double[predictions];
        float[] states = new float[step * width];
        float[] logits = new float[Math.multiplyExact(step, vocabulary)];
        for (int from = 0; from < predictions; from += step) {
            int first = from;
            int count = Math.min(step, predictions - from);
            System.arraycopy(hidden, offset + from * width, states, 0, count * width);
            model.logits(states, count, logits, context);
            context.parallelFor(
                    count,
                    (t, _) -> losses[first + t] = loss(logits, t * vocabulary, vocabulary, window[first + t + 1]));
        }
        return losses;
    }

    /** {@code −ln softmax(logits)[wanted]}. */
    private static double loss(float[] logits, int offset, int count, int wanted) {
        float greatest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            greatest = Math.max(greatest, logits[offset + i]);
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.exp((double) logits[offset + i] - greatest);
        }
        return Math.log(sum) + greatest - logits[offset + wanted];
    }
}
