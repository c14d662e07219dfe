package io.shiftadd.registry.job;

import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.job.JobKind;
import io.shiftadd.registry.model.ModelCatalog;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Where clients ask for jobs, and cancel or retry them. */
@Service
@Transactional
class JobDesk {

    private final JobRepository jobs;
    private final JobRecords records;
    private final ModelCatalog models;
    private final Clock clock;

    JobDesk(JobRepository jobs, JobRecords records, ModelCatalog models, Clock clock) {
        this.jobs = jobs;
        this.records = records;
        this.models = models;
        this.clock = clock;
    }

    @Transactional(readOnly = true)
    public JobView get(UUID id) {
        return jobs.findById(id).orElseThrow(() -> unknown(id)).view(clock.instant());
    }

    @Transactional(readOnly = true)
    public Page<JobView> search(
            Collection<JobState> states, @Nullable JobKind kind, @Nullable UUID model, Pageable page) {
        Instant now = clock.instant();
        return jobs.search(states, kind, model, page).map(job -> job.view(now));
    }

    public JobView cancel(UUID id) {
        Job job = jobs.findForChange(id).orElseThrow(() -> unknown(id));
        if (job.cancel(clock.instant()) && job.state() == JobState.RUNNING) {
            records.append(id, "cancel-requested", Map.of());
        }
        return jobs.saveAndFlush(job).view(clock.instant());
    }

    public JobView retry(UUID id) {
        Job job = jobs.findForChange(id).orElseThrow(() -> unknown(id));
        job.retry();
        String name = job.outputName();
        if (name != null && models.isTaken(name)) {
            throw new ProblemException(
                    ProblemType.NAME_TAKEN,
                    "A model named " + name + " has been registered since job " + id
                            + " was submitted. Delete that model, or submit a new job with another name.");
        }
        return jobs.saveAndFlush(job).view(clock.instant());
    }

    private static ProblemException unknown(UUID id) {
        return new ProblemException(
                ProblemType.NOT_FOUND, "There is no job with the id " + id + ". GET /api/v1/jobs lists them.");
    }
}
