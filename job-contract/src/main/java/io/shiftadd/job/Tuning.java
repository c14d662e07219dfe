package io.shiftadd.job;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * That a model is tuned by self-distillation after its layers were fitted, and for how long: at most one of steps,
 * tokens and minutes.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@Schema(
        description =
                "Tuning by self-distillation after the fits: scales, codes, norms and biases are trained until the"
                        + " result's output distribution is the original's. Give at most one of steps, tokens and minutes")
public record Tuning(
        @Schema(
                description = "Steps of 8 sequences of up to 512 tokens; 256 when nothing else is given",
                example = "256")
        @Nullable
        Integer steps,

        @Schema(description = "Tokens to train on, instead of steps; rounded up to whole steps", example = "1048576")
        @Nullable
        Long tokens,

        @Schema(
                description =
                        "Time that the tuning may take, its text included, instead of steps: a first step is measured"
                                + " and tells how many there will be. The one setting by which results depend on the machine",
                example = "15")
        @Nullable
        Integer minutes,

        @Schema(
                description =
                        "sampled: text that the original writes itself; text: the calibrationText; mix: half of each",
                defaultValue = "sampled")
        @Nullable
        TuningText text,

        @Schema(description = "Of the text and its order; the job's seed when absent", example = "0") @Nullable
        Long seed) {

    /** Sequences of a step. */
    public static final int SEQUENCES = 8;

    private static final int LONGEST_SEQUENCE = 512;

    public TuningText textOrDefault() {
        return Objects.requireNonNullElse(text, TuningText.SAMPLED);
    }

    /** Whether the machine's speed decides how many steps there are. */
    public boolean timed() {
        return minutes != null;
    }

    /** Tokens of a sequence, in a job whose windows have so many. */
    public static int length(int sequenceLength) {
        return Math.min(LONGEST_SEQUENCE, sequenceLength);
    }

    /** Steps, or the default where a time is given. @param length tokens of a sequence */
    public int steps(int length) {
        if (tokens != null) {
            int most = NumberSetting.TUNE_STEPS.most().intValueExact();
            return Math.clamp(Math.ceilDiv(tokens, (long) SEQUENCES * length), 1, most);
        }
        return steps == null ? NumberSetting.TUNE_STEPS.byDefault() : steps;
    }
}
