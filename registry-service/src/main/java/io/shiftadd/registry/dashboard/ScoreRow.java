package io.shiftadd.registry.dashboard;

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

    /** What is the same for the same measure of another model. */
    public String key() {
        return task + " " + metric;
    }

    public String title() {
        String known = JobForm.TASKS.get(task);
        String name = known != null ? known : task.equals("text") ? "Text" : task.replace('_', ' ');
        return name + ", "
                + switch (metric) {
                    case "acc" -> "accuracy";
                    case "acc_norm" -> "accuracy by length";
                    default -> metric.replace('_', ' ');
                };
    }

    boolean whole() {
        return !task.startsWith(PARTED);
    }

    /** Perplexities are better when lower, shares when higher. */
    public boolean share() {
        return !metric.equals("perplexity");
    }
}
