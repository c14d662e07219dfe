package io.shiftadd.registry.job;

import io.shiftadd.job.JobKind;
import io.shiftadd.job.JobSettings;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A job as the API shows it. */
@Schema(name = "Job", description = "A job and how far it is")
record JobView(
        UUID id,
        @Schema(example = "reparameterize") JobKind kind,

        @Schema(description = "Absent when the model was deleted after the job ended") @Nullable
        UUID modelId,

        @Schema(description = "Name that the model had when the job was submitted", example = "llama-mini")
        String modelName,

        @Schema(example = "RUNNING") JobState state,

        @Schema(
                description = "What the worker does, or did last",
                allowableValues = {"validate", "calibrate", "allocate", "reparameterize", "tune", "evaluate", "publish"
                },
                example = "reparameterize")
        @Nullable
        String stage,

        @Schema(description = "Decoder blocks that are finished", example = "2")
        int blockCurrent,

        @Schema(description = "Decoder blocks of the model; 0 until it is known", example = "6")
        int blockCount,

        @Schema(description = "Share of the whole job that is done", minimum = "0", maximum = "1", example = "0.41")
        double progress,

        @Schema(description = "Seconds still needed, when running and known", example = "12.5") @Nullable
        Double etaSeconds,

        @Schema(
                description =
                        "The job is RUNNING but its worker has not been heard of for longer than its lease. Another worker takes over")
        boolean heartbeatLost,

        @Schema(description = "Cancel was asked for") boolean cancelRequested,

        @Schema(description = "Name of the result", example = "llama-mini-acc-3bit") @Nullable
        String outputName,

        @Schema(description = "The model that the job made") @Nullable
        UUID resultModelId,

        @Schema(description = "Why the job failed; while QUEUED, why the last attempt did") @Nullable
        String cause,

        @Schema(description = "What to do about the failure") @Nullable
        String remedy,

        JobSettings settings,
        @Schema(example = "0") int priority,

        @Schema(description = "Who submitted the job", example = "local")
        String owner,

        @Schema(description = "Attempts begun", example = "1")
        int attempt,

        @Schema(description = "Attempts after which the job fails for good", example = "3")
        int maxAttempts,

        @Schema(description = "The next attempt waits until then") @Nullable
        Instant notBefore,

        @Schema(description = "Who works on it", example = "4711@host") @Nullable
        String worker,

        @Schema(description = "When the worker was last heard of") @Nullable
        Instant heartbeatAt,

        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {}
