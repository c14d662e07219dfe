package io.shiftadd.registry.dashboard;

import io.shiftadd.job.TaskName;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a model scored on a task.
 *
 * @param standardError null where one example leaves nothing to estimate it from
 */
public record ScoreRow(
        String task, String metric, double value, @Nullable Double standardError, long examples) {

    /** Parts of tasks, as the subjects of mmlu, are many. */
    private static final String PARTED = "mmlu_";

    private static final String DIVERGENCE = "kl_divergence";

    /** What is the same for the same measure of another model. */
    public String key() {
        return task + " " + metric;
    }

    public String title() {
        String name = Stream.of(TaskName.values())
                .filter(known -> known.word().equals(task))
                .map(TaskName::title)
                .findFirst()
                .orElse(task.equals("text") ? "Text" : task.replace('_', ' '));
        return name + ", "
                + switch (metric) {
                    case "acc" -> "accuracy";
                    case "acc_norm" -> "accuracy by length";
                    case DIVERGENCE -> "KL divergence from the original";
                    case "top1_agreement" -> "same token as the original";
                    default -> metric.replace('_', ' ');
                };
    }

    boolean whole() {
        return !task.startsWith(PARTED);
    }

    /** Perplexities and divergences are better when lower, shares when higher. */
    public boolean share() {
        return !metric.equals("perplexity") && !metric.equals(DIVERGENCE);
    }

    /** Behind the point; divergences are small. */
    int digits() {
        return share() ? 1 : metric.equals(DIVERGENCE) ? 4 : 2;
    }
}
