package io.shiftadd.registry.job;

import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.job.ImageSetId;
import io.shiftadd.job.JobKind;
import io.shiftadd.job.JobSettings;
import io.shiftadd.job.TextId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

/**
 * A job as the registry sees it. Its worker writes the same row, therefore only changed columns are written from here,
 * and only under the row's lock.
 */
@Entity
@DynamicUpdate
@Table(schema = "registry", name = "job")
class Job implements Persistable<UUID> {

    @Id
    private UUID id;

    @Enumerated(EnumType.STRING)
    private JobKind kind;

    private @Nullable UUID modelId;
    private @Nullable UUID calibrationTextId;
    private @Nullable UUID evaluationTextId;
    private @Nullable UUID calibrationImageSetId;
    private @Nullable UUID evaluationImageSetId;
    private @Nullable UUID baselineModelId;

    @JdbcTypeCode(SqlTypes.JSON)
    private JobSettings settings;

    @Enumerated(EnumType.STRING)
    private JobState state = JobState.QUEUED;

    private @Nullable String stage;
    private int blockCurrent;
    private int blockCount;
    private double progress;
    private @Nullable Double etaSeconds;
    private @Nullable String outputName;
    private @Nullable UUID resultModelId;
    private @Nullable String cause;
    private @Nullable String remedy;
    private boolean cancelRequested;
    private int priority;
    private String owner;
    private @Nullable String idempotencyKey;
    private @Nullable String requestHash;
    private int attempt;
    private int maxAttempts;
    private @Nullable Instant notBefore;
    private @Nullable String leaseOwner;
    private long leaseVersion;
    private @Nullable Instant leaseUntil;
    private @Nullable Instant heartbeatAt;
    private Instant createdAt;
    private @Nullable Instant startedAt;
    private @Nullable Instant finishedAt;

    @Transient
    private boolean stored;

    @SuppressWarnings("NullAway.Init") // for Hibernate, which fills the fields
    protected Job() {}

    Job(JobSettings settings, int priority, int maxAttempts, Submitter submitter, Instant createdAt) {
        this.id = UUID.randomUUID();
        this.kind = settings.kind();
        this.modelId = settings.model().value();
        this.calibrationTextId = value(settings.calibrationText());
        this.evaluationTextId = value(settings.evaluationText());
        this.calibrationImageSetId = value(settings.calibrationImages());
        this.evaluationImageSetId = value(settings.evaluationImages());
        this.baselineModelId =
                settings.baseline() == null ? null : settings.baseline().value();
        this.settings = settings;
        this.outputName = settings.name();
        this.priority = priority;
        this.maxAttempts = maxAttempts;
        this.owner = submitter.owner();
        this.idempotencyKey = submitter.idempotencyKey();
        this.requestHash = submitter.requestHash();
        this.createdAt = createdAt;
    }

    private static @Nullable UUID value(@Nullable TextId text) {
        return text == null ? null : text.value();
    }

    private static @Nullable UUID value(@Nullable ImageSetId images) {
        return images == null ? null : images.value();
    }

    @Override
    public UUID getId() {
        return id;
    }

    @Override
    public boolean isNew() {
        return !stored;
    }

    @PostLoad
    @PostPersist
    void markStored() {
        stored = true;
    }

    @Nullable
    String outputName() {
        return outputName;
    }

    @Nullable
    String requestHash() {
        return requestHash;
    }

    JobState state() {
        return state;
    }

    /**
     * Ends a job that nobody works on; asks the worker to end one that it works on.
     *
     * @return whether this call changed anything: a second cancel does not
     */
    boolean cancel(Instant now) {
        if (state == JobState.CANCELLED || (state == JobState.RUNNING && cancelRequested && !isHeartbeatLost(now))) {
            return false;
        }
        if (state == JobState.RUNNING && !isHeartbeatLost(now)) {
            cancelRequested = true;
            return true;
        }
        go(JobState.CANCELLED, "cancel");
        cancelRequested = true;
        // a worker that was only stopped must not commit when it wakes up
        leaseVersion++;
        etaSeconds = null;
        finishedAt = now;
        return true;
    }

    /**
     * Queues a failed or cancelled job again; the worker resumes after the last finished block.
     *
     * @throws ProblemException when the job is active or has succeeded, or what it reads is gone
     */
    void retry() {
        boolean modelGone = modelId == null || (settings.baseline() != null && baselineModelId == null);
        boolean textGone = (settings.calibrationText() != null && calibrationTextId == null)
                || (settings.evaluationText() != null && evaluationTextId == null);
        boolean imagesGone = (settings.calibrationImages() != null && calibrationImageSetId == null)
                || (settings.evaluationImages() != null && evaluationImageSetId == null);
        go(JobState.QUEUED, "retry");
        if (modelGone || textGone || imagesGone) {
            throw new ProblemException(
                    ProblemType.ILLEGAL_TRANSITION,
                    "The " + (modelGone ? "model" : textGone ? "text" : "image set") + " that job " + id
                            + " reads has been deleted. Register it and submit a new job.");
        }
        cancelRequested = false;
        attempt = 0;
        notBefore = null;
        cause = null;
        remedy = null;
        finishedAt = null;
    }

    private void go(JobState next, String verb) {
        if (!state.next().contains(next)) {
            throw new ProblemException(
                    ProblemType.ILLEGAL_TRANSITION,
                    "Job " + id + " is " + state + "; " + verb + " works from "
                            + String.join(", ", JobState.leadingTo(next)) + " only.");
        }
        state = next;
    }

    private boolean isHeartbeatLost(Instant now) {
        return state == JobState.RUNNING && leaseUntil != null && leaseUntil.isBefore(now);
    }

    JobView view(Instant now) {
        return new JobView(
                id,
                kind,
                modelId,
                settings.modelName(),
                state,
                stage,
                blockCurrent,
                blockCount,
                progress,
                state == JobState.RUNNING ? etaSeconds : null,
                isHeartbeatLost(now),
                cancelRequested,
                outputName,
                resultModelId,
                cause,
                remedy,
                settings,
                priority,
                owner,
                attempt,
                maxAttempts,
                notBefore,
                state == JobState.RUNNING ? leaseOwner : null,
                heartbeatAt,
                createdAt,
                startedAt,
                finishedAt);
    }
}
