package io.shiftadd.quantize.job;

import io.shiftadd.quantize.artifact.DurableFiles;
import io.shiftadd.quantize.calibration.CalibrationSet;
import io.shiftadd.quantize.job.JobStoppedException.Reason;
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

/** What a worker does with a partition: one block of a job that it need not hold, and the commit of its rows. */
final class PartitionStep extends AbstractStep {

    private static final Logger log = LoggerFactory.getLogger(PartitionStep.class);

    private final JobRepository repository;
    private final JobQueue queue;
    private final RegistryRows registry;
    private final FencedTransactions fenced;
    private final PartitionKeeper keeper;
    private final JobMeters meters;
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
            work(step, partition, run);
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
            case Outcome.Failed _, Outcome.Faulted _ -> throw new PartitionFailedException(outcome);
            // Stopped, not failed: who holds the job hands the block out again if there is still need of it.
            default -> throw new JobInterruptedException(outcome.toString());
        }
    }

    private void work(StepExecution step, Partition partition, JobRun run) throws IOException {
        Checkpoints checkpoints = new Checkpoints(run, fenced);
        if (checkpoints.isFinished(partition.block())) {
            return;
        }
        Path directory = run.workspace().partition(step.getId(), partition.block());
        try (JobResources resources = new JobResources(
                run, registry.model(run.job().modelId()), settings.jobs().threadsPerJob())) {
            log.info("Block {} begins", partition.block());
            CalibrationSet calibration = CalibrationSet.open(run.workspace().calibration());
            resources.calibrateWith(calibration.isolate(partition.block(), directory));
            DiskSpace disk = new DiskSpace(run.workspace().directory(), resources);
            FinishedBlock block =
                    new BlockProcessor(run, resources, new LayerBits(run, json), disk).process(partition.block());
            int blocks = resources.model().blockCount();
            fenced.run(run.lease(), client -> {
                PartitionKeeper.require(client, step, run.lease());
                rows.write(client, run.lease(), block, blocks);
            });
            meters.committed(run.settings().method(), block);
        } finally {
            DurableFiles.deleteTree(directory);
        }
    }
}
