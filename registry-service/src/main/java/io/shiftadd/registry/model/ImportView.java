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

        @Schema(example = "facebook/opt-125m") String repository,
        @Schema(example = "main") String revision,

        @Schema(
                allowableValues = {"RUNNING", "SUCCEEDED", "FAILED"},
                example = "RUNNING")
        String state,

        @Schema(description = "The file that is being downloaded", example = "model.safetensors") @Nullable
        String file,

        @Schema(description = "Bytes that have come, of all files", example = "1048576")
        long bytesDone,

        @Schema(description = "Bytes of the files that are known so far", example = "250540281") @Nullable
        Long bytesTotal,

        @Schema(description = "The model, when it is registered") @Nullable
        UUID modelId,

        @Schema(description = "Why the import failed, and what to do") @Nullable
        String cause,

        Instant createdAt,
        @Nullable Instant finishedAt) {}
