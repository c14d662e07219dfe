package io.shiftadd.quantize.evaluation;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import java.util.List;

/**
 * A model beside its original over the same text: both perplexities, the mean over tokens of
 * {@code KL(original ‖ model) = Σ p·(ln p − ln q)} over the whole vocabulary, in nats, and the share of tokens at which
 * both hold the same token for the most likely.
 *
 * @param divergenceError standard error over tokens, as {@code agreementError}; NaN for a single token
 */
public record Comparison(
        Perplexity original,
        Perplexity model,
        double divergence,
        double divergenceError,
        double agreement,
        double agreementError) {

    private static final int MEASURES = 4;

    /**
     * @param windows {@code [windows][length]} of token ids, of at least two tokens each
     * @throws IllegalArgumentException if the models' vocabularies are not of one size
     * @throws MeasurementException when a perplexity is no number
     */
    public static Comparison evaluate(
            CausalLanguageModel original,
            CausalLanguageModel model,
            int[][] windows,
            KernelContext context,
            Perplexity.Progress progress) {
        int vocabulary = original.config().vocabularySize();
        if (vocabulary != model.config().vocabularySize()) {
            throw new IllegalArgumentException("a vocabulary of "
                    + model.config().vocabularySize() + " tokens cannot be compared with one of " + vocabulary);
        }
        Predictions.Mean[] means = new Predictions(List.of(original, model), MEASURES, context)
                .over(windows, Comparison::measure, progress);
        return new Comparison(
                Perplexity.of(means[0]),
                Perplexity.of(means[1]),
                means[2].value(),
                means[2].standardError(),
                means[3].value(),
                means[3].standardError());
    }

    private static void measure(float[][] logits, int offset, int vocabulary, int wanted, double[] values, int at) {
        float[] first = logits[0];
        float[] second = logits[1];
        float greatest = Predictions.greatest(first, offset, vocabulary);
        float otherGreatest = Predictions.greatest(second, offset, vocabulary);
        double sum = 0;
        double otherSum = 0;
        double along = 0;
        for (int i = offset; i < offset + vocabulary; i++) {
            double of = (double) first[i] - greatest;
            double ofOther = (double) second[i] - otherGreatest;
            double e = Math.exp(of);
            sum += e;
            otherSum += Math.exp(ofOther);
            along += e * (of - ofOther);
        }
        values[at] = Math.log(sum) + greatest - first[offset + wanted];
        values[at + 1] = Math.log(otherSum) + otherGreatest - second[offset + wanted];
        // Rounding may leave a little below nothing.
        values[at + 2] = Math.max(0, along / sum - Math.log(sum) + Math.log(otherSum));
        values[at + 3] = index(first, offset, greatest) == index(second, offset, otherGreatest) ? 1 : 0;
    }

    /** Of the first one, where several are the greatest. */
    private static int index(float[] logits, int offset, float greatest) {
        int index = 0;
        while (logits[offset + index] < greatest) {
            index++;
        }
        return index;
    }
}
