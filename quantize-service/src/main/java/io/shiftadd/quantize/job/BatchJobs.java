package io.shiftadd.quantize.job;

import io.shiftadd.job.ModelId;
import io.shiftadd.job.Size;
import io.shiftadd.quantize.artifact.ArtifactStore;
import io.shiftadd.quantize.job.lease.Events.Event;
import io.shiftadd.quantize.job.lease.FencedTransactions;
import io.shiftadd.quantize.job.partition.PartitionedBlocks;
import io.shiftadd.quantize.job.partition.PartitionedLayers;
import io.shiftadd.quantize.job.publication.Publication;
import io.shiftadd.quantize.job.publication.PublishStep;
import io.shiftadd.quantize.job.publication.StagedArtifact;
import io.shiftadd.quantize.job.run.DiskSpace;
import io.shiftadd.quantize.job.run.FinishedBlock;
import io.shiftadd.quantize.job.run.JobMeters;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.JobSpans;
import io.shiftadd.quantize.job.run.ProgressWriter;
import io.shiftadd.quantize.job.run.RegistryRows;
import io.shiftadd.quantize.job.run.SourceModel;
import io.shiftadd.quantize.job.run.WorkerSettings;
import io.shiftadd.quantize.job.step.AllocateStep;
import io.shiftadd.quantize.job.step.AllocationRows;
import io.shiftadd.quantize.job.step.BalanceStep;
import io.shiftadd.quantize.job.step.BlockProcessor;
import io.shiftadd.quantize.job.step.BlockReader;
import io.shiftadd.quantize.job.step.BlockRows;
import io.shiftadd.quantize.job.step.BlockWriter;
import io.shiftadd.quantize.job.step.CalibrateStep;
import io.shiftadd.quantize.job.step.Checkpoints;
import io.shiftadd.quantize.job.step.EvaluateImagesStep;
import io.shiftadd.quantize.job.step.EvaluateStep;
import io.shiftadd.quantize.job.step.HeadStep;
import io.shiftadd.quantize.job.step.Images;
import io.shiftadd.quantize.job.step.LayerBits;
import io.shiftadd.quantize.job.step.MeasureImagesStep;
import io.shiftadd.quantize.job.step.MeasureStep;
import io.shiftadd.quantize.job.step.SizeSearch;
import io.shiftadd.quantize.job.step.StepWork;
import io.shiftadd.quantize.job.step.TaskData;
import io.shiftadd.quantize.job.step.TuneStep;
import io.shiftadd.quantize.job.step.ValidateStep;
import io.shiftadd.quantize.job.step.Windows;
import java.util.ArrayList;
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
    private final JobSpans spans;
    private final JsonMapper json;
    private final WorkerSettings settings;
    private final BlockRows rows;
    private final AllocationRows allocations;
    private final PartitionedBlocks partitions;

    BatchJobs(
            JobRepository repository,
            RegistryRows registry,
            FencedTransactions fenced,
            ProgressWriter writer,
            ArtifactStore artifacts,
            JobMeters meters,
            JobSpans spans,
            JsonMapper json,
            WorkerSettings settings,
            PartitionedBlocks partitions) {
        this.repository = repository;
        this.registry = registry;
        this.fenced = fenced;
        this.writer = writer;
        this.artifacts = artifacts;
        this.meters = meters;
        this.spans = spans;
        this.json = json;
        this.settings = settings;
        this.rows = new BlockRows(json);
        this.allocations = new AllocationRows(json);
        this.partitions = partitions;
    }

    /**
     * Steps that are finished are not repeated when the job is started again; only the first always is. Nothing is
     * opened yet.
     */
    Job build(JobRun run, JobResources resources) {
        DiskSpace disk = new DiskSpace(run.workspace().directory(), resources);
        Windows windows = new Windows(run, resources, registry);
        // Files may have changed since the last run, however far that came.
        TaskData tasks = new TaskData(run, settings.taskDirectory());
        Images images = new Images(run, resources, registry);
        Step validate = step(run, "validate", true, new ValidateStep(run, resources, registry, disk, tasks, images));
        return switch (run.job().kind()) {
            case EVALUATE -> evaluation(run, resources, windows, images, tasks, validate);
            case REPARAMETERIZE -> reparameterization(run, resources, windows, images, disk, validate);
        };
    }

    private Job reparameterization(
            JobRun run, JobResources resources, Windows windows, Images images, DiskSpace disk, Step validate) {
        LayerBits bits = new LayerBits(run, json);
        StagedArtifact staged = new StagedArtifact(run, resources, bits, json);
        SimpleJobBuilder job = new JobBuilder("reparameterize", repository)
                .start(validate)
                .next(step(run, "calibrate", false, new CalibrateStep(run, resources, windows, images)));
        Size size = run.settings().size();
        if (size != null && run.settings().allocates()) {
            SizeSearch search = new SizeSearch(run, resources, windows, fenced, writer, allocations);
            job.next(step(
                    run,
                    "allocate",
                    false,
                    new AllocateStep(run, resources, bits, size, search, fenced, writer, allocations)));
        }
        job.next(blocks(run, resources, bits, disk));
        Integer headBits = run.settings().headBits();
        if (headBits != null) {
            job.next(step(run, "head", false, new HeadStep(run, resources, headBits, fenced, rows)));
        }
        if (run.settings().balancesExperts()) {
            job.next(step(run, "balance", false, new BalanceStep(run, resources, images, fenced)));
        }
        if (run.settings().tune() != null) {
            job.next(step(
                    run,
                    "tune",
                    false,
                    new TuneStep(
                            run,
                            resources,
                            windows,
                            fenced,
                            meters,
                            json,
                            settings.jobs().tuneCheckpoint())));
        }
        StepWork evaluate = run.settings().evaluationImages() == null
                ? new EvaluateStep(run, resources, windows, staged::directory, fenced, writer)
                : new EvaluateImagesStep(run, resources, images, staged::directory, fenced, writer);
        return job.next(step(run, "evaluate", false, evaluate))
                .next(step(run, "publish", false, new PublishStep(run, resources, staged, artifacts, fenced, writer)))
                .build();
    }

    private Job evaluation(
            JobRun run, JobResources resources, Windows windows, Images images, TaskData tasks, Step validate) {
        List<SourceModel> models = new ArrayList<>();
        models.add(resources.source());
        ModelId baseline = run.job().baselineModelId();
        if (baseline != null) {
            models.add(registry.model(baseline));
        }
        StepWork measure = run.settings().evaluationImages() == null
                ? new MeasureStep(run, resources, windows, tasks, models, registry, fenced, writer)
                : new MeasureImagesStep(run, resources, images, models, registry, fenced, writer);
        return new JobBuilder("evaluate", repository)
                .start(validate)
                .next(step(run, "evaluate", false, measure))
                .next(step(run, "finish", false, () -> finish(run)))
                .build();
    }

    /** With what was reported since the last heartbeat: after the end nothing more is written. */
    private void finish(JobRun run) {
        List<Event> events = run.progress().drain();
        fenced.succeed(run.lease(), client -> {
            events.forEach(event -> writer.insert(client, run.lease(), event));
            Publication.succeed(client, run, null);
        });
    }

    private Step blocks(JobRun run, JobResources resources, LayerBits bits, DiskSpace disk) {
        if (run.settings().originalCalibration()) {
            return partitions.step(run, resources);
        }
        Checkpoints checkpoints = new Checkpoints(run, fenced);
        PartitionedLayers layers = partitions.layers(run);
        StepBuilder step = new StepBuilder("reparameterize", repository);
        if (layers != null) {
            step.listener(layers);
        }
        return step.<Integer, FinishedBlock>chunk(1)
                .transactionManager(new ResourcelessTransactionManager())
                .reader(new BlockReader(run, resources, checkpoints))
                .processor(new BlockProcessor(run, resources, bits, disk, layers, spans))
                .writer(new BlockWriter(run, resources, fenced, writer, rows, meters))
                .build();
    }

    private Step step(JobRun run, String name, boolean always, StepWork work) {
        return new StepBuilder(name, repository)
                .tasklet(
                        (contribution, context) -> {
                            return spans.during("step " + name, run, span -> {
                                work.execute();
                                return RepeatStatus.FINISHED;
                            });
                        },
                        new ResourcelessTransactionManager())
                .allowStartIfComplete(always)
                .build();
    }
}
