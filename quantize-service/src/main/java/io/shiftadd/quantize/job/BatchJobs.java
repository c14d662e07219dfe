package io.shiftadd.quantize.job;

import io.shiftadd.quantize.artifact.ArtifactStore;
import io.shiftadd.quantize.job.EvaluateStep.Subject;
import java.util.List;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.builder.SimpleJobBuilder;
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
    private final BlockRows rows;
    private final PartitionedBlocks partitions;

    BatchJobs(
            JobRepository repository,
            RegistryRows registry,
            FencedTransactions fenced,
            ProgressWriter writer,
            ArtifactStore artifacts,
            JobMeters meters,
            JsonMapper json,
            PartitionedBlocks partitions) {
        this.repository = repository;
        this.registry = registry;
        this.fenced = fenced;
        this.writer = writer;
        this.artifacts = artifacts;
        this.meters = meters;
        this.json = json;
        this.rows = new BlockRows(json);
        this.partitions = partitions;
    }

    /** Steps that are finished are not repeated when the job is started again; only the first always is. Nothing is opened yet. */
    Job build(JobRun run, JobResources resources) {
        DiskSpace disk = new DiskSpace(run.workspace().directory(), resources);
        Windows windows = new Windows(run, resources, registry);
        // Files may have changed since the last run, however far that came.
        Step validate = step("validate", true, new ValidateStep(run, resources, registry, disk));
        return switch (run.job().kind()) {
            case EVALUATE -> evaluation(run, resources, windows, validate);
            case REPARAMETERIZE -> reparameterization(run, resources, windows, disk, validate);
        };
    }

    private Job reparameterization(JobRun run, JobResources resources, Windows windows, DiskSpace disk, Step validate) {
        LayerBits bits = new LayerBits(run, json);
        StagedArtifact staged = new StagedArtifact(run, resources, bits, json);
        List<Subject> subjects = List.of(
                new Subject(ModelMetrics.PERPLEXITY_ORIGINAL, resources.source()::location),
                new Subject(ModelMetrics.PERPLEXITY_REPARAMETERIZED, staged::directory));
        SimpleJobBuilder job = new JobBuilder("reparameterize", repository)
                .start(validate)
                .next(step("calibrate", false, new CalibrateStep(run, resources, windows)));
        Double meanBits = run.settings().meanBits();
        if (meanBits != null) {
            job.next(step("allocate", false, new AllocateStep(run, resources, bits, meanBits, fenced, writer)));
        }
        return job.next(blocks(run, resources, bits, disk))
                .next(step("evaluate", false, new EvaluateStep(run, resources, windows, subjects, fenced, writer)))
                .next(step("publish", false, new PublishStep(run, resources, staged, artifacts, fenced, writer)))
                .build();
    }

    private Job evaluation(JobRun run, JobResources resources, Windows windows, Step validate) {
        SourceModel source = resources.source();
        String metric =
                source.isOriginal() ? ModelMetrics.PERPLEXITY_ORIGINAL : ModelMetrics.PERPLEXITY_REPARAMETERIZED;
        List<Subject> subjects = List.of(new Subject(metric, source::location));
        return new JobBuilder("evaluate", repository)
                .start(validate)
                .next(step("evaluate", false, new EvaluateStep(run, resources, windows, subjects, fenced, writer)))
                .next(step(
                        "finish",
                        false,
                        () -> fenced.succeed(run.lease(), client -> Publication.succeed(client, run, null))))
                .build();
    }

    private Step blocks(JobRun run, JobResources resources, LayerBits bits, DiskSpace disk) {
        if (run.settings().originalCalibration()) {
            return partitions.step(run, resources);
        }
        Checkpoints checkpoints = new Checkpoints(run, fenced);
        return new StepBuilder("reparameterize", repository)
                .<Integer, FinishedBlock>chunk(1)
                .transactionManager(new ResourcelessTransactionManager())
                .reader(new BlockReader(run, resources, checkpoints))
                .processor(new BlockProcessor(run, resources, bits, disk))
                .writer(new BlockWriter(run, resources, fenced, writer, rows, meters))
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
