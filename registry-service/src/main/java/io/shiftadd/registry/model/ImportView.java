package io.shiftadd.registry.model;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A download of a model and how far it is. */
@Schema(name = "ModelImport", description = "A download of a model and how far it is")
public record ImportView(
        UUID id,

        @Schema(description = "Name that the model gets", example = "opt-125m")
        String name,

        @Schema(description = "With :choice where one of several GGUF files was meant", example = "facebook/opt-125m")
        String repository,

        @Schema(example = "main") String revision,

        @Schema(description = "What the revision stood for when the import began") @Nullable
        String commitId,

        @Schema(
                allowableValues = {"RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"},
                example = "RUNNING")
        String state,

        @Schema(description = "The file that is being downloaded", example = "model.safetensors") @Nullable
        String file,

        @Schema(description = "Bytes that have come, of all files", example = "1048576")
        long bytesDone,

        @Schema(description = "Bytes of all files, when they are known", example = "250540281") @Nullable
        Long bytesTotal,

        @Schema(description = "How fast bytes came in the last seconds") @Nullable
        Long bytesPerSecond,

        @Schema(description = "Estimate for the rest at this rate, while the import runs") @Nullable
        Long secondsLeft,

        @Schema(description = "The model, when it is registered") @Nullable
        UUID modelId,

        @Schema(description = "Why the import failed, and what to do") @Nullable
        String cause,

        Instant createdAt,
        @Nullable Instant finishedAt) {

    /** Of registry.model_import, to be read as this record. */
    public static final String COLUMNS = "id, name, repository, revision, commit_id, state, file, bytes_done,"
            + " bytes_total, bytes_per_second, case when state = 'RUNNING' and bytes_per_second > 0"
            + " then (bytes_total - bytes_done) / bytes_per_second end as seconds_left,"
            + " model_id, cause, created_at, finished_at";
}
