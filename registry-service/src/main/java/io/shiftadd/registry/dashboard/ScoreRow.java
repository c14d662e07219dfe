package io.shiftadd.registry.dashboard;

import io.shiftadd.job.TaskName;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a model scored on a task.
 *
 * @param standardError null where one example leaves nothing to estimate it from
 */
public record ScoreRow(
        String task, String metric, double value, @Nullable Double standardError, long examples) {

    /** Parts of tasks, as the subjects of mmlu and the classes of images, are many. */
    private static final List<String> PARTED = List.of("mmlu_", "images_");

    private static final String IMAGES = "images";

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
                .orElse(
                        switch (task) {
                            case "text" -> "Text";
                            case IMAGES -> "Images";
                            default -> task.replace('_', ' ');
                        });
        return name + ", "
                + switch (metric) {
                    case "acc" -> "accuracy";
                    case "acc_norm" -> "accuracy by length";
                    case DIVERGENCE -> "KL divergence from the original";
                    case "top5_acc" -> "right class among five";
                    case "top1_agreement" ->
                        task.equals(IMAGES) ? "same class as the original" : "same token as the original";
                    default -> metric.replace('_', ' ');
                };
    }

    boolean whole() {
        return PARTED.stream().noneMatch(task::startsWith);
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
