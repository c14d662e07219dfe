package io.shiftadd.quantize.job.run;

import io.shiftadd.job.Size;
import io.shiftadd.quantize.job.lease.ClaimedJob;
import java.util.EnumMap;
import java.util.Map;

/**
 * How a kind of job divides its bar from 0 to 1 among its stages: rough shares of the time, so that it moves evenly.
 */
public enum Course {
    /** Reparameterizes a model once. */
    REPARAMETERIZATION(0.02, 0.10, 0.20, 0.85, 0.85, 0.98),
    /** Makes a model several times before, to find the size. */
    SEARCH(0.01, 0.03, 0.80, 0.96, 0.96, 0.99),
    /** Reparameterizes a model once, and tunes it. */
    TUNING(0.01, 0.02, 0.05, 0.15, 0.96, 0.99),
    /** Searches for the size, and tunes what was found. */
    SEARCH_AND_TUNING(0.01, 0.02, 0.25, 0.30, 0.96, 0.99),
    /** Measures only. */
    EVALUATION(0.02, 0.02, 0.02, 0.02, 0.02, 1.00);

    private final Map<Stage, Double> ends = new EnumMap<>(Stage.class);

    /** @param ends of all stages but the last, in their order */
    Course(double... ends) {
        for (Stage stage : Stage.values()) {
            this.ends.put(stage, stage.ordinal() < ends.length ? ends[stage.ordinal()] : 1.0);
        }
    }

    public static Course of(ClaimedJob job) {
        boolean tunes = job.settings().tune() != null;
        boolean searches = job.settings().size() instanceof Size.PerplexityIncrease;
        return switch (job.kind()) {
            case EVALUATE -> EVALUATION;
            case REPARAMETERIZE -> searches ? tunes ? SEARCH_AND_TUNING : SEARCH : tunes ? TUNING : REPARAMETERIZATION;
        };
    }

    /** @param done share of the stage that is done, 0 to 1 */
    double progress(Stage stage, double done) {
        double start = stage.ordinal() == 0 ? 0 : end(Stage.values()[stage.ordinal() - 1]);
        return start + (end(stage) - start) * Math.clamp(done, 0.0, 1.0);
    }

    private double end(Stage stage) {
        return ends.getOrDefault(stage, 1.0);
    }
}
