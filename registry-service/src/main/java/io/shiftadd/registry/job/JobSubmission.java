package io.shiftadd.registry.job;

import io.shiftadd.http.problem.FieldError;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.job.JobSettings;
import io.shiftadd.registry.model.ModelCatalog;
import io.shiftadd.registry.model.ModelView;
import io.shiftadd.registry.storage.FileDigest;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/** Queues jobs. The same idempotency key and request give the same job, however often they are sent. */
@Service
class JobSubmission {

    private static final List<JobState> ACTIVE = List.of(JobState.QUEUED, JobState.RUNNING);
    private static final int MOST_NUMBERED_NAMES = 1000;
    private static final int MOST_ATTEMPTS = 20;

    private final JobRepository jobs;
    private final JobPlanner planner;
    private final ModelCatalog models;
    private final JobProperties properties;
    private final JsonMapper json;
    private final Clock clock;

    JobSubmission(
            JobRepository jobs,
            JobPlanner planner,
            ModelCatalog models,
            JobProperties properties,
            JsonMapper json,
            Clock clock) {
        this.jobs = jobs;
        this.planner = planner;
        this.models = models;
        this.properties = properties;
        this.json = json;
        this.clock = clock;
    }

    /** @param created false when the idempotency key had been used for the same request before */
    record Submitted(JobView job, boolean created) {}

    /**
     * @throws ProblemException when the request does not fit the model, names something unknown or a name that is
     *     taken, or when the key was used for another request
     */
    Submitted submit(JobRequest request, String owner, @Nullable String idempotencyKey) {
        String hash = idempotencyKey == null ? null : FileDigest.sha256(json.writeValueAsBytes(request));
        Submitter submitter = new Submitter(owner, idempotencyKey, hash);
        Optional<Submitted> earlier = earlier(submitter);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        for (int attempt = 1; ; attempt++) {
            try {
                return insert(request, submitter);
            } catch (DataIntegrityViolationException e) {
                // lost a race, for the key or for the name; a name of our choice can be chosen again
                Optional<Submitted> winner = earlier(submitter);
                if (winner.isPresent()) {
                    return winner.get();
                }
                if (request.name() != null || attempt == MOST_ATTEMPTS) {
                    throw e;
                }
            } catch (ProblemException e) {
                return earlier(submitter).orElseThrow(() -> e);
            }
        }
    }

    private Submitted insert(JobRequest request, Submitter submitter) {
        JobSettings settings = planner.plan(request, model -> freeName(request, model));
        int priority = Objects.requireNonNullElse(request.priority(), 0);
        Job job = new Job(settings, priority, properties.maxAttempts(), submitter, clock.instant());
        return new Submitted(jobs.saveAndFlush(job).view(clock.instant()), true);
    }

    private Optional<Submitted> earlier(Submitter submitter) {
        if (submitter.idempotencyKey() == null) {
            return Optional.empty();
        }
        return jobs.findByOwnerAndIdempotencyKey(submitter.owner(), submitter.idempotencyKey())
                .map(job -> {
                    if (!Objects.equals(job.requestHash(), submitter.requestHash())) {
                        throw ProblemException.of(
                                ProblemType.IDEMPOTENCY_MISMATCH,
                                new FieldError(
                                        "Idempotency-Key",
                                        "was used for another request, which made job " + job.getId(),
                                        null,
                                        "use a new key for a new request"));
                    }
                    return new Submitted(job.view(clock.instant()), false);
                });
    }

    private String freeName(JobRequest request, ModelView model) {
        if (request.name() != null) {
            if (isNameTaken(request.name())) {
                throw nameTaken(request.name());
            }
            return request.name();
        }
        String base = request.defaultName(model.name());
        for (int number = 1; number < MOST_NUMBERED_NAMES; number++) {
            String name = number == 1 ? base : base + "-" + number;
            if (!isNameTaken(name)) {
                return name;
            }
        }
        throw nameTaken(base);
    }

    private boolean isNameTaken(@Nullable String name) {
        return name != null && (models.isTaken(name) || jobs.existsByOutputNameAndStateIn(name, ACTIVE));
    }

    private static ProblemException nameTaken(@Nullable String name) {
        return ProblemException.of(
                ProblemType.NAME_TAKEN,
                new FieldError(
                        "name",
                        "'" + name + "' belongs to a registered model or to the result of an active job",
                        null,
                        "choose another name or leave it out"));
    }
}
