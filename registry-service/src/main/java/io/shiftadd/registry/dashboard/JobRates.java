package io.shiftadd.registry.dashboard;

import io.shiftadd.job.JobKind;
import io.shiftadd.job.JobSettings;
import io.shiftadd.job.Tuning;
import java.util.List;

/**
 * How fast jobs were, as far as the next one's time follows from it: fits take their time for each weight and round,
 * passes through the model for each weight and token.
 *
 * @param fitSeconds of a weight and a round
 * @param passSeconds of a weight and a token
 * @param tuneSeconds of a weight and a token that is tuned on, its sampling included
 * @param measured whether jobs of this very method were looked at; a guess otherwise
 */
record JobRates(double fitSeconds, double passSeconds, double tuneSeconds, boolean measured) {

    /** Of the sample llama-mini by method acc on two cores of a server of 2023. */
    static final JobRates GUESS = new JobRates(4e-7, 1e-11, 1e-10, false);

    /**
     * A job that has succeeded.
     *
     * @param fitSeconds of its layers, one after the other
     * @param tokens that went through its model
     * @param tuneSeconds that its tuning took, 0 for none
     * @param tuneTokens that it was tuned on
     */
    record Past(
            double seconds,
            double fitSeconds,
            double weights,
            double tokens,
            double rounds,
            double tuneSeconds,
            double tuneTokens) {}

    /** @param past at least one */
    static JobRates of(List<Past> past, boolean sameMethod) {
        double fit = 0;
        double passes = 0;
        double tuning = 0;
        int tuned = 0;
        for (Past job : past) {
            double fits = Math.min(job.fitSeconds(), job.seconds());
            double rest = Math.max(0, job.seconds() - fits - job.tuneSeconds());
            fit += fits / (job.weights() * job.rounds());
            passes += rest / (job.weights() * Math.max(1, job.tokens()));
            if (job.tuneTokens() > 0) {
                tuning += job.tuneSeconds() / (job.weights() * job.tuneTokens());
                tuned++;
            }
        }
        return new JobRates(
                fit / past.size(), passes / past.size(), tuned == 0 ? GUESS.tuneSeconds() : tuning / tuned, sameMethod);
    }

    double seconds(long weights, JobSettings settings) {
        double measuring = (double) settings.evaluationWindows() * settings.sequenceLength();
        if (settings.kind() == JobKind.EVALUATE) {
            return weights * passSeconds * measuring;
        }
        // calibration goes through one model, measuring through two
        double tokens = (double) settings.calibrationWindows() * settings.sequenceLength() + 2 * measuring;
        int rounds = settings.rounds() == null ? 1 : settings.rounds();
        return weights * (fitSeconds * rounds + passSeconds * tokens) + tuning(weights, settings);
    }

    private double tuning(long weights, JobSettings settings) {
        Tuning tune = settings.tune();
        if (tune == null) {
            return 0;
        }
        if (tune.minutes() != null) {
            return tune.minutes() * 60.0;
        }
        int length = Tuning.length(settings.sequenceLength());
        return weights * tuneSeconds * tune.steps(length) * Tuning.SEQUENCES * length;
    }
}
