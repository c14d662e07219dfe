package io.shiftadd.quantize.job.lease;

import io.shiftadd.job.JobId;
import io.shiftadd.job.JobKind;
import io.shiftadd.job.JobSettings;
import io.shiftadd.job.ModelId;
import io.shiftadd.job.TextId;
import org.jspecify.annotations.Nullable;

/**
 * A job as it stood when it was claimed.
 *
 * @param attempt number of this attempt, from 1; a job taken over from a lost worker stays in its attempt
 * @param takenOver whether another worker's lease had run out
 */
public record ClaimedJob(
        JobId id,
        JobKind kind,
        ModelId modelId,
        @Nullable TextId calibrationTextId,
        @Nullable TextId evaluationTextId,
        @Nullable ModelId baselineModelId,
        JobSettings settings,
        @Nullable String outputName,
        int attempt,
        int maxAttempts,
        boolean takenOver,
        JobLease lease) {}
