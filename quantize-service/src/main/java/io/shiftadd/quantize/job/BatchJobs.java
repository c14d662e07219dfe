package io.shiftadd.quantize.job;

import io.shiftadd.quantize.artifact.ArtifactStore;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.batch.infrastructure.support.transaction.ResourcelessTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/**
 * Puts the Spring Batch job of a run together. Steps hold no database transaction while they compute: what they commit,
 * they commit in short transactions under the lease.
 */
final class BatchJobs {

    private final JobRepository repository;
    private final RegistryRows registry;
    private final FencedTransactions fenced;
    private final ProgressWriter writer;
    private final ArtifactStore artifacts;
    private final JobMeters meters;
    private final JsonMapper json;

    BatchJobs(
            JobRepository repository,
            RegistryRows registry,
            FencedTransactions fenced,
            ProgressWriter writer,
            ArtifactStore artifacts,
            JobMeters meters,
            JsonMapper json) {
        this.repository = repository;
        this.registry = registry;
        this.fenced = fenced;
        this.writer = writer;
        this.artifacts = artifacts;
        this.meters = meters;
        this.json = json;
    }

    Job build(JobRun run, JobResources resources) {
        return new JobBuilder("reparameterize", repository)
                // Files may have changed since the last run, however far that came.
                .start(step("validate", true, new ValidateStep(run, registry)))
                .build();
    }

    private Step step(String name, boolean always, StepWork work) {
        return new StepBuilder(name, repository)
                .tasklet(
                        (contribution, context) -> {
                            work.execute();
                            return RepeatStatus.FINISHED;
                        },
                        new ResourcelessTransactionManager())
                .allowStartIfComplete(always)
                .build();
    }
}
