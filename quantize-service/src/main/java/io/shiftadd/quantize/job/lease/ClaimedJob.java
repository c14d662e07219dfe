package io.shiftadd.quantize.job.lease;

import io.shiftadd.job.JobKind;
import io.shiftadd.job.JobSettings;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job as it stood when it was claimed.
 *
 * @param attempt number of this attempt, from 1; a job taken over from a lost worker stays in its attempt
 * @param takenOver whether another worker's lease had run out
 */
public record ClaimedJob(
        UUID id,
        JobKind kind,
        UUID modelId,
        @Nullable UUID calibrationTextId,
        @Nullable UUID evaluationTextId,
        @Nullable UUID baselineModelId,
        JobSettings settings,
        @Nullable String outputName,
        int attempt,
        int maxAttempts,
        boolean takenOver,
        JobLease lease) {}
