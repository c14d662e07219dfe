package io.shiftadd.quantize.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/**
 * From the log-likelihoods of choices to the measures of a task, as lm-evaluation-harness defines them.
 *
 * <ul>
 *   <li>acc: share of examples whose right choice has the greatest log-likelihood; of equals the first counts. With one
 *       choice: share of examples that the model would have written itself.
 *   <li>acc_norm: the same with log-likelihoods divided by the bytes of the choice.
 *   <li>perplexity: {@code exp(−mean)} of the log-likelihoods.
 * </ul>
 *
 * <p>Standard errors are those of a mean, {@code s/√n} with n − 1 in the variance: {@code √(p(1−p)/(n−1))} for shares;
 * of a task in parts, pooled over the parts; of a perplexity by the delta method, {@code perplexity·s/√n}.
 */
public final class TaskScores {

    public static final String ACCURACY = "acc";
    public static final String NORMALIZED_ACCURACY = "acc_norm";
    public static final String PERPLEXITY = "perplexity";

    /** Of an original's distribution from a model's, in nats a token; beside perplexity on a text. */
    public static final String DIVERGENCE = "kl_divergence";

    /** Share of tokens at which a model and its original hold the same one for the most likely. */
    public static final String AGREEMENT = "top1_agreement";

    private final Task task;
    private final List<Example> examples;
    private final List<List<ContinuationScore>> scores;
    private final Map<String, List<Integer>> groups = new LinkedHashMap<>();
    private final List<TaskScore> results = new ArrayList<>();

    private TaskScores(Task task, List<Example> examples, List<List<ContinuationScore>> scores) {
        this.task = task;
        this.examples = examples;
        this.scores = scores;
        for (int i = 0; i < examples.size(); i++) {
            groups.computeIfAbsent(examples.get(i).group(), _ -> new ArrayList<>())
                    .add(i);
        }
    }

    /**
     * @param examples at least one
     * @param scores of each example's choices
     * @return of the whole task first, then of its parts
     */
    public static List<TaskScore> of(Task task, List<Example> examples, List<List<ContinuationScore>> scores) {
        TaskScores all = new TaskScores(task, examples, scores);
        switch (task.kind()) {
            case CHOICE -> {
                all.accuracy(ACCURACY, i -> all.isRight(i, false));
                all.accuracy(NORMALIZED_ACCURACY, i -> all.isRight(i, true));
            }
            case CONTEXT_CHOICE -> all.accuracy(ACCURACY, i -> all.isRight(i, false));
            case LAST_WORD -> {
                all.accuracy(ACCURACY, i -> scores.get(i).getFirst().greedy() ? 1 : 0);
                all.perplexity();
            }
        }
        return all.results;
    }

    private double isRight(int example, boolean perByte) {
        List<ContinuationScore> choices = scores.get(example);
        int best = 0;
        double greatest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < choices.size(); i++) {
            double score = choices.get(i).logLikelihood();
            if (perByte) {
                score /= Math.max(1, examples.get(example).choices().get(i).bytes());
            }
            if (score > greatest) {
                greatest = score;
                best = i;
            }
        }
        return best == examples.get(example).gold() ? 1 : 0;
    }

    private void accuracy(String metric, IntToDoubleFunction value) {
        List<TaskScore> parts = new ArrayList<>();
        if (groups.size() > 1) {
            groups.forEach((group, members) -> {
                double[] values = members.stream()
                        .mapToDouble(i -> value.applyAsDouble(i))
                        .toArray();
                parts.add(new TaskScore(label(group), metric, mean(values), standardError(values), values.length));
            });
        }
        double[] values = new double[examples.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value.applyAsDouble(i);
        }
        double error = values.length > parts.size() && !parts.isEmpty() ? pooled(parts) : standardError(values);
        results.add(new TaskScore(task.label(), metric, mean(values), error, values.length));
        results.addAll(parts);
    }

    private void perplexity() {
        double[] values = scores.stream()
                .mapToDouble(choices -> choices.getFirst().logLikelihood())
                .toArray();
        double perplexity = Math.exp(-mean(values));
        if (!Double.isFinite(perplexity)) {
            throw MeasurementException.notFinite("a perplexity of " + perplexity);
        }
        results.add(
                new TaskScore(task.label(), PERPLEXITY, perplexity, perplexity * standardError(values), values.length));
    }

    private String label(String group) {
        return task.label() + "_" + group.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /** Of the mean; NaN for a single value. */
    static double standardError(double[] values) {
        double mean = mean(values);
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return values.length < 2 ? Double.NaN : Math.sqrt(squares / (values.length - 1.0) / values.length);
    }

    private static double pooled(List<TaskScore> parts) {
        double variance = 0;
        double examples = 0;
        for (TaskScore part : parts) {
            if (part.examples() > 1) {
                variance += (part.examples() - 1) * part.standardError() * part.standardError() * part.examples();
            }
            examples += part.examples();
        }
        return Math.sqrt(variance / (examples - parts.size()) / examples);
    }
}
