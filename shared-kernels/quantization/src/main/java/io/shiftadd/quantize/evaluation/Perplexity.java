package io.shiftadd.quantize.evaluation;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import java.util.List;

/**
 * How well a model foresees a text: {@code exp(mean(−ln p(token | those before it in its window)))} over all but the
 * first token of every window. Logits are the model's own floats, probabilities and sums double, windows in their
 * order: the same on any number of threads.
 *
 * @param value the perplexity
 * @param predictions tokens it is the mean of
 * @param standardError by the delta method over the tokens' losses; NaN for a single one
 */
public record Perplexity(double value, long predictions, double standardError) {

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
        return of(new Predictions(List.of(model), 1, context)
                .over(
                        windows,
                        (logits, offset, vocabulary, wanted, values, at) ->
                                values[at] = loss(logits[0], offset, vocabulary, wanted),
                        progress)[0]);
    }

    /** @param losses of the tokens */
    static Perplexity of(Predictions.Mean losses) {
        double value = Math.exp(losses.value());
        if (!Double.isFinite(value)) {
            throw MeasurementException.notFinite("a perplexity of " + value);
        }
        return new Perplexity(value, losses.count(), value * losses.standardError());
    }

    /** {@code −ln softmax(logits)[wanted]}. */
    private static double loss(float[] logits, int offset, int count, int wanted) {
        float greatest = Predictions.greatest(logits, offset, count);
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.exp((double) logits[offset + i] - greatest);
        }
        return Math.log(sum) + greatest - logits[offset + wanted];
    }
}
