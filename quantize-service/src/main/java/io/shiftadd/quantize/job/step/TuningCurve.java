package io.shiftadd.quantize.job.step;

import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.tuning.TuningSettings;
import java.time.Duration;
import java.util.Map;

/** Tells of a tuning's loss and speed: some hundred points, each the mean of the steps since the one before. */
final class TuningCurve {

    private static final int MOST_POINTS = 200;

    private final JobRun run;
    private final TuningSettings settings;
    private final int interval;
    private double losses;
    private double seconds;
    private int steps;
    private double last = Double.NaN;
    private double all;

    TuningCurve(JobRun run, TuningSettings settings) {
        this.run = run;
        this.settings = settings;
        interval = Math.ceilDiv(settings.steps(), MOST_POINTS);
    }

    /** @param step that was done, from 1 */
    void add(int step, double loss, Duration took) {
        losses += loss;
        seconds += took.toNanos() / 1e9;
        all += took.toNanos() / 1e9;
        steps++;
        if (step % interval == 0 || step == settings.steps()) {
            last = losses / steps;
            run.progress()
                    .event(
                            "tune",
                            Map.of(
                                    "step",
                                    step,
                                    "steps",
                                    settings.steps(),
                                    "loss",
                                    last,
                                    "tokensPerSecond",
                                    steps * settings.tokens() / seconds));
            losses = 0;
            seconds = 0;
            steps = 0;
        }
    }

    /**
     * @param done steps of this run
     * @param total seconds of it, its text included
     */
    Map<String, Double> metrics(int done, double total) {
        double tokens = (double) done * settings.tokens();
        return Map.of(
                "tune_steps", (double) settings.steps(),
                "tune_tokens", tokens,
                "tune_seconds", total,
                "tune_tokens_per_second", tokens / all,
                "tune_loss_last", last);
    }
}
