package io.shiftadd.registry.job;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A validated request with its defaults filled in: what the worker goes by. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@Schema(description = "The request with its defaults filled in; what does not apply is absent")
record JobSettings(
        @Schema(description = "Id of the model") UUID model,

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
        UUID calibrationText,

        @Schema(description = "Id of the text to evaluate on; absent when it is sampled from the model") @Nullable
        UUID evaluationText,

        @Schema(description = "Id of the model that is evaluated beside") @Nullable
        UUID baseline,

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
        @Schema(example = "sequential") @Nullable Calibration calibration) {}
