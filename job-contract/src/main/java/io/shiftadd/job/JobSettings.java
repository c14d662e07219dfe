package io.shiftadd.job;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A validated request with its defaults filled in: what the worker goes by. In a row that was written before a setting
 * was there it is null or 0, and means what it meant then.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@Schema(description = "The request with its defaults filled in; what does not apply is absent")
public record JobSettings(
        @Schema(description = "Id of the model") ModelId model,

        @Schema(description = "Name that the model had", example = "llama-mini")
        String modelName,

        @Schema(example = "reparameterize") JobKind kind,
        @Schema(example = "acc") @Nullable Method method,
        @Schema(example = "3") @Nullable Integer bits,
        @Schema(example = "2.2") @Nullable Double meanBits,
        @Schema(example = "2500000") @Nullable Long budgetBytes,
        @Schema(example = "0.1") @Nullable Double maxPerplexityIncrease,

        @Schema(description = "Absent for the method's best recipe", example = "auto") @Nullable
        Rotation rotation,

        @Schema(description = "Absent when the head stays as it is", example = "6") @Nullable
        Integer headBits,

        @Schema(description = "Name of the result", example = "llama-mini-acc-3bit") @Nullable
        String name,

        @Schema(description = "Id of the text to calibrate with; absent when it is sampled from the model") @Nullable
        TextId calibrationText,

        @Schema(description = "Id of the text to evaluate on; absent when it is sampled from the model") @Nullable
        TextId evaluationText,

        @Schema(description = "Id of the set of images to calibrate a model of images with") @Nullable
        ImageSetId calibrationImages,

        @Schema(description = "Id of the set of images to evaluate a model of images on") @Nullable
        ImageSetId evaluationImages,

        @Schema(description = "Id of the model that is evaluated beside") @Nullable
        ModelId baseline,

        @Schema(description = "Name that it had", example = "llama-mini-acc-3bit") @Nullable
        String baselineName,

        @Schema(example = "[\"arc_easy\", \"lambada\"]") @Nullable
        List<TaskName> tasks,

        @Schema(description = "Examples of each task; absent for all", example = "100") @Nullable
        Integer taskLimit,

        @Schema(example = "128") @Nullable Integer samples,
        @Schema(example = "512") int sequenceLength,
        @Schema(example = "32") int evaluationWindows,
        @Schema(example = "0") long seed,
        @Schema(example = "20") @Nullable Integer rounds,
        @Schema(example = "3") @Nullable Integer terms,
        @Schema(example = "true") @Nullable Boolean activationOrder,
        @Schema(example = "sequential") @Nullable Calibration calibration,

        @Schema(description = "Absent when the layers stay as they were fitted") @Nullable
        Tuning tune,

        @Schema(description = "Whether routers lean by what their experts take; absent when they stay as trained")
        @Nullable
        Boolean balanceExperts) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /** As a row holds them. */
    public static JobSettings parse(String row) {
        return JSON.readValue(row, JobSettings.class);
    }

    public Method methodOrDefault() {
        return Objects.requireNonNullElse(method, Method.ACC);
    }

    /** How large the result may be; null in an evaluation. */
    public @Nullable Size size() {
        return Size.of(bits, meanBits, budgetBytes, maxPerplexityIncrease);
    }

    /** Whether bits differ from layer to layer, so that each layer is measured first. */
    public boolean allocates() {
        Size size = size();
        return size != null && !(size instanceof Size.Bits);
    }

    /** Whether a block's inputs come from the unmodified model, so that none waits for another. */
    public boolean originalCalibration() {
        return calibration == Calibration.ORIGINAL;
    }

    /** Whether the routers of two experts are to lean by what the experts take. */
    public boolean balancesExperts() {
        return Boolean.TRUE.equals(balanceExperts);
    }

    public int calibrationWindows() {
        return samples == null ? NumberSetting.SAMPLES.byDefault() : samples;
    }

    public List<TaskName> tasksOrNone() {
        return Objects.requireNonNullElse(tasks, List.of());
    }

    /** Tokens of a window, of a model with a context of so many. */
    public int sequenceLength(int contextLength) {
        return sequenceLength > 0 ? sequenceLength : NumberSetting.defaultSequence(contextLength);
    }
}
