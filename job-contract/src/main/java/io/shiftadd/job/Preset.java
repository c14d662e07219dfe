package io.shiftadd.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How much a reparameterization is given: what a request leaves unsaid is taken from here. A row holds the settings
 * that
 * came of it, not the preset.
 */
public enum Preset {
    /** A first look, in a fraction of the time: less text to calibrate with and to measure on. */
    FAST(32, 512, 8, null),

    /** What most want. */
    BALANCED(
            NumberSetting.SAMPLES.byDefault(),
            NumberSetting.LONGEST_DEFAULT_SEQUENCE,
            NumberSetting.EVALUATION_WINDOWS.byDefault(),
            null),

    /** The least loss at the size, for minutes to hours more: tuned where that is possible. */
    BEST(BALANCED.samples, BALANCED.longestSequence, BALANCED.evaluationWindows, NumberSetting.TUNE_STEPS.byDefault());

    private final int samples;
    private final int longestSequence;
    private final int evaluationWindows;
    private final @Nullable Integer tuneSteps;

    Preset(int samples, int longestSequence, int evaluationWindows, @Nullable Integer tuneSteps) {
        this.samples = samples;
        this.longestSequence = longestSequence;
        this.evaluationWindows = evaluationWindows;
        this.tuneSteps = tuneSteps;
    }

    /** As requests spell it. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public int samples() {
        return samples;
    }

    /** Tokens of a window, of a model with a context of so many. */
    public int sequenceLength(int contextLength) {
        return Math.min(longestSequence, contextLength);
    }

    public int evaluationWindows() {
        return evaluationWindows;
    }

    /** Null where nothing is tuned unless it is asked for. */
    public @Nullable Integer tuneSteps() {
        return tuneSteps;
    }
}
