package io.shiftadd.quantize.job.partition;

import io.shiftadd.quantize.artifact.DurableFiles;
import io.shiftadd.quantize.artifact.Sha256;
import io.shiftadd.quantize.calibration.CalibrationSet;
import io.shiftadd.quantize.job.lease.ClaimedJob;
import io.shiftadd.quantize.job.lease.FencedTransactions;
import io.shiftadd.quantize.job.lease.JobQueue;
import io.shiftadd.quantize.job.lease.JobStoppedException;
import io.shiftadd.quantize.job.lease.JobStoppedException.Reason;
import io.shiftadd.quantize.job.partition.Partition.Layer;
import io.shiftadd.quantize.job.run.BatchLauncher;
import io.shiftadd.quantize.job.run.Course;
import io.shiftadd.quantize.job.run.DiskSpace;
import io.shiftadd.quantize.job.run.FinishedBlock;
import io.shiftadd.quantize.job.run.JobMeters;
import io.shiftadd.quantize.job.run.JobProgress;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.JobSpans;
import io.shiftadd.quantize.job.run.JobWorkspace;
import io.shiftadd.quantize.job.run.Outcome;
import io.shiftadd.quantize.job.run.PartitionFailedException;
import io.shiftadd.quantize.job.run.RegistryRows;
import io.shiftadd.quantize.job.run.WorkerSettings;
import io.shiftadd.quantize.job.step.BlockProcessor;
import io.shiftadd.quantize.job.step.BlockRows;
import io.shiftadd.quantize.job.step.Checkpoints;
import io.shiftadd.quantize.job.step.LayerBits;
import io.shiftadd.quantize.reparameterization.LayerReparameterizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.AbstractStep;
import org.springframework.batch.core.step.StepExecution;
import tools.jackson.databind.json.JsonMapper;

/** What a worker does with a partition of a job that it need not hold: one block, or one layer of a block. */
final class PartitionStep extends AbstractStep {

    private static final Logger log = LoggerFactory.getLogger(PartitionStep.class);

    private final JobRepository repository;
    private final JobQueue queue;
    private final RegistryRows registry;
    private final FencedTransactions fenced;
    private final PartitionKeeper keeper;
    private final JobMeters meters;
    private final JobSpans spans;
    private final JsonMapper json;
    private final BlockRows rows;
    private final WorkerSettings settings;

    PartitionStep(
            JobRepository repository,
            JobQueue queue,
            RegistryRows registry,
            FencedTransactions fenced,
            PartitionKeeper keeper,
            JobMeters meters,
            JobSpans spans,
            JsonMapper json,
            WorkerSettings settings) {
        super(repository);
        setName(Partition.STEP);
        this.repository = repository;
        this.queue = queue;
        this.registry = registry;
        this.fenced = fenced;
        this.keeper = keeper;
        this.meters = meters;
        this.spans = spans;
        this.json = json;
        this.rows = new BlockRows(json);
        this.settings = settings;
    }

    @Override
    protected void doExecute(StepExecution step) throws JobInterruptedException {
        Partition partition = Partition.of(step);
        Partition.takenBy(step, settings.jobs().workerName());
        repository.updateExecutionContext(step);
        ClaimedJob job = queue.find(partition.job(), partition.leaseVersion())
                .orElseThrow(() -> new JobStoppedException(partition.job(), Reason.LEASE_LOST));
        JobRun run = new JobRun(
                job,
                new JobWorkspace(settings.workDirectory(), job.lease()),
                new JobProgress(System.nanoTime(), Course.REPARAMETERIZATION));
        MDC.put("job", job.id().toString());
        keeper.hold(step, run);
        try {
            Layer layer = partition.layer();
            if (layer == null) {
                doBlock(step, partition, run);
            } else {
                doLayer(step, layer, run);
            }
        } catch (IOException | RuntimeException failure) {
            end(step, run, failure);
        } finally {
            keeper.release(step);
            MDC.remove("job");
        }
    }

    private void end(StepExecution step, JobRun run, Exception failure) throws JobInterruptedException {
        Outcome outcome = BatchLauncher.diagnose(List.of(failure), run);
        Partition.write(step, outcome);
        log.warn("{} ended: {}", step.getStepName(), outcome);
        switch (outcome) {
            case Outcome.Failed _, Outcome.Faulted _ -> {
                // Before the step's status, which makes whoever waits look for it.
                repository.updateExecutionContext(step);
                throw new PartitionFailedException(outcome);
            }
            // Stopped, not failed: who holds the job hands the block out again if there is still need of it.
            default -> throw new JobInterruptedException(outcome.toString());
        }
    }

    /** The layer's file is vouched for by the step's row; the block's holder writes what the registry is to know. */
    private void doLayer(StepExecution step, Layer layer, JobRun run) throws IOException {
        try (JobResources resources = resources(run)) {
            log.info("Layer {} begins", layer.name());
            Path stage = run.workspace().directory().resolve(layer.stage());
            // A name of its own for each time it is handed out: a zombie writes another file.
            Path file = stage.resolveSibling("layer-%d-%d.safetensors".formatted(step.getId(), step.getVersion()));
            new LayerReparameterizer(resources.model(), run.recipe(), resources.context())
                    .reparameterize(stage, layer.name(), file);
            Partition.fitted(step, file.getFileName().toString(), Sha256.of(file, run::check));
            fenced.run(run.lease(), client -> PartitionKeeper.require(client, step, run.lease()));
            repository.updateExecutionContext(step);
        }
    }

    private JobResources resources(JobRun run) {
        return new JobResources(
                run, registry.model(run.job().modelId()), settings.jobs().threadsPerJob());
    }

    private void doBlock(StepExecution step, Partition partition, JobRun run) throws IOException {
        Checkpoints checkpoints = new Checkpoints(run, fenced);
        if (checkpoints.isFinished(partition.block())) {
            return;
        }
        Path directory = run.workspace().partition(step.getId(), partition.block());
        try (JobResources resources = resources(run)) {
            log.info("Block {} begins", partition.block());
            CalibrationSet calibration = CalibrationSet.open(run.workspace().calibration());
            resources.calibrateWith(calibration.isolate(partition.block(), directory));
            DiskSpace disk = new DiskSpace(run.workspace().directory(), resources);
            FinishedBlock block = new BlockProcessor(run, resources, new LayerBits(run, json), disk, null, spans)
                    .process(partition.block());
            int blocks = resources.model().blockCount();
            fenced.run(run.lease(), client -> {
                PartitionKeeper.require(client, step, run.lease());
                rows.write(client, run.lease(), block, blocks);
            });
            meters.committed(run.settings().methodOrDefault().word(), block);
        } finally {
            DurableFiles.deleteTree(directory);
        }
    }
}
