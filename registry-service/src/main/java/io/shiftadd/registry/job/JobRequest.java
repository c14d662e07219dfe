package io.shiftadd.registry.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.shiftadd.job.Calibration;
import io.shiftadd.job.JobKind;
import io.shiftadd.job.Method;
import io.shiftadd.job.NumberSetting;
import io.shiftadd.job.Preset;
import io.shiftadd.job.Rotation;
import io.shiftadd.job.TaskName;
import io.shiftadd.job.Tuning;
import io.shiftadd.registry.request.RequestFields;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What POST /api/v1/jobs is sent, checked as far as that is possible without knowing the model. Limits and defaults of
 * numbers are those of {@link NumberSetting}, in the document too.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "A job to be queued")
record JobRequest(
        @Schema(
                description = "Name or id of the model",
                requiredMode = Schema.RequiredMode.REQUIRED,
                example = "llama-mini")
        String model,

        @Schema(description = "reparameterize, or evaluate to measure only", defaultValue = "reparameterize")
        JobKind kind,

        @Schema(
                description =
                        "acc: column-wise groups, for accuracy; lat: block-wise groups, for latency; rtn, optq and"
                                + " lut-gemm are baselines to compare with, served too",
                defaultValue = "acc")
        @Nullable
        Method method,

        @Schema(
                description =
                        "Bits of every layer, 2, 3 or 4. Give one of bits, meanBits, budgetBytes and maxPerplexityIncrease",
                example = "3")
        @Nullable
        Integer bits,

        @Schema(description = "Mean bits of a weight, as a budget that is spread over the layers") @Nullable
        Double meanBits,

        @Schema(
                description =
                        "Bytes that the linear layers of the decoder blocks may take as they are served, spread over"
                                + " the layers like meanBits",
                example = "2500000")
        @Nullable
        Long budgetBytes,

        @Schema(
                description =
                        "Share by which the perplexity may rise, 0.1 for a tenth: makes the smallest model that was"
                                + " found to stay below, by a few budgets tried one after the other",
                example = "0.1")
        @Nullable
        Double maxPerplexityIncrease,

        @Schema(
                description =
                        "Whether layers are rotated by Walsh–Hadamard transforms (additions only): auto decides for"
                                + " each layer by its output error. Not for baselines. Without it, the method's best recipe",
                example = "auto")
        @Nullable
        Rotation rotation,

        @Schema(
                description =
                        "Bits of the language-model head, 4 to 8; 0 leaves it as it is. When this is absent, 6 where"
                                + " the head is more than a fifth of the result and the method is acc or lat",
                example = "6")
        @Nullable
        Integer headBits,

        @Schema(
                description =
                        "Name of the result; <model>-<method>-<bits>bit when absent, with a number added if that is taken")
        @Nullable
        String name,

        @Schema(description = "Name or id of a text to calibrate with; sampled from the model itself when absent")
        @Nullable
        String calibrationText,

        @Schema(
                description =
                        "Name or id of a text to evaluate on; sampled from the model itself when absent. An evaluation with"
                                + " tasks and no text measures no perplexity")
        @Nullable
        String evaluationText,

        @Schema(
                description = "Name or id of a set of images to calibrate a model of images with, which needs one",
                example = "pets-calibration")
        @Nullable
        String calibrationImages,

        @Schema(
                description = "Name or id of a set of images to evaluate a model of images on, which needs one: its"
                        + " classes are the model's, by name or number",
                example = "pets-evaluation")
        @Nullable
        String evaluationImages,

        @Schema(
                description =
                        "Name or id of another model that is evaluated beside this one on the same text and tasks",
                example = "llama-mini-acc-3bit")
        @Nullable
        String baseline,

        @ArraySchema(
                arraySchema = @Schema(description = "Tasks to evaluate on, each once"),
                schema = @Schema(implementation = TaskName.class))
        @Nullable
        List<TaskName> tasks,

        @Schema(
                description = "Examples of each task, from its beginning; of mmlu from each subject in turn. All when"
                        + " absent",
                example = "100")
        @Nullable
        Integer taskLimit,

        @Schema(description = "Calibration sequences, or images", example = "16") @Nullable
        Integer samples,

        @Schema(
                description = "Tokens of a sequence; the smaller of 2048 and the model's context when absent",
                example = "256")
        @Nullable
        Integer sequenceLength,

        @Schema(
                description =
                        "Windows of sequenceLength tokens to measure perplexity on, or images to measure accuracy on;"
                                + " 0 takes the whole text, or all images",
                example = "8")
        @Nullable
        Integer evaluationWindows,

        @Schema(description = "Seed of all random choices: the same seed gives the same bytes") @Nullable
        Long seed,

        @Schema(description = "Alternating rounds of a fit; for acc, lat and lut-gemm") @Nullable
        Integer rounds,

        @Schema(description = "Signed powers of two in a scale; for acc and lat") @Nullable
        Integer terms,

        @Schema(
                description =
                        "Whether columns are fitted in the order of their activations' energy; true for acc and lat, false"
                                + " for optq when absent")
        @Nullable
        Boolean activationOrder,

        @Schema(
                description = "sequential: a block is calibrated on what the reparameterized blocks before it put out;"
                        + " original: on the unmodified model, so that all workers share the job's blocks",
                defaultValue = "sequential")
        @Nullable
        Calibration calibration,

        @Schema(
                description = "How much it is given where the request does not say: fast for a first look, best for the"
                        + " least loss, tuned where that is possible",
                defaultValue = "balanced")
        @Nullable
        Preset preset,

        @Schema(description = "Jobs of higher priority go first") @Nullable
        Integer priority,

        @Schema(description = "Tunes the result after its layers were fitted; for acc and lat. Not done when absent")
        @Nullable
        Tuning tune,

        @Schema(
                description =
                        "Of a model of images with two experts (ShiftAddViT): whether its routers lean so that each expert's"
                                + " share of the tokens follows what it takes, measured on the worker's machine after packing."
                                + " The metric accuracy_unbalanced tells what the result names right without it",
                defaultValue = "false")
        @Nullable
        Boolean balanceExperts) {

    static JobRequest read(JsonNode body) {
        return JobRequestReader.read(RequestFields.of(body));
    }

    Method methodOrDefault() {
        return Objects.requireNonNullElse(method, Method.ACC);
    }

    Preset presetOrDefault() {
        return Objects.requireNonNullElse(preset, Preset.BALANCED);
    }

    List<TaskName> tasksOrNone() {
        return Objects.requireNonNullElse(tasks, List.of());
    }

    /** The name of the result when the client gives none, e.g. {@code llama-mini-lat-2.2bit}. */
    String defaultName(String modelName) {
        return modelName + "-" + methodOrDefault().word() + "-" + size();
    }

    private String size() {
        if (bits != null) {
            return bits + "bit";
        }
        if (meanBits != null) {
            return plain(BigDecimal.valueOf(meanBits)) + "bit";
        }
        if (budgetBytes != null) {
            return budgetBytes + "bytes";
        }
        BigDecimal share = BigDecimal.valueOf(Objects.requireNonNullElse(maxPerplexityIncrease, 0.0));
        return "plus" + plain(share.movePointRight(2)) + "pct";
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }
}
