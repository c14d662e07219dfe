package io.shiftadd.quantize.job.partition;

import io.shiftadd.quantize.job.lease.FencedTransactions;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.Outcome;
import io.shiftadd.quantize.job.run.PartitionFailedException;
import io.shiftadd.quantize.job.run.Slots;
import io.shiftadd.quantize.job.run.WorkerSettings;
import io.shiftadd.quantize.job.step.Checkpoints;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.partition.StepExecutionAggregator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.integration.partition.RemotePartitioningManagerStepBuilder;

/**
 * The step that hands the blocks of a job out as partitions and waits for them: to the workers of all processes, this
 * one among them. Which blocks are still to be done is said by the registry's rows, not by what Spring Batch remembers.
 */
public final class PartitionedBlocks {

    private final JobRepository repository;
    private final FencedTransactions fenced;
    private final PartitionChannel channel;
    private final Slots slots;
    private final WorkerSettings.Jobs settings;

    PartitionedBlocks(
            JobRepository repository,
            FencedTransactions fenced,
            PartitionChannel channel,
            Slots slots,
            WorkerSettings.Jobs settings) {
        this.repository = repository;
        this.fenced = fenced;
        this.channel = channel;
        this.slots = slots;
        this.settings = settings;
    }

    public Step step(JobRun run, JobResources resources) {
        int blocks = resources.model().blockCount();
        PartitionWatch watch = new PartitionWatch(run, repository, channel, settings);
        return new RemotePartitioningManagerStepBuilder("reparameterize", repository)
                .partitioner(Partition.STEP, _ -> unfinished(run, blocks))
                .aggregator(aggregator(run, watch))
                .outputChannel(channel.channel())
                .pollInterval(settings.tick().toMillis())
                .listener(new BlockWatch(watch, run, repository, slots, settings, blocks))
                .build();
    }

    /** For a job whose blocks wait for each other: hands out the layers of a block, where the settings ask for it. */
    @Nullable
    public PartitionedLayers layers(JobRun run) {
        return settings.spreadLayers()
                ? new PartitionedLayers(
                        run,
                        repository,
                        channel,
                        slots,
                        settings,
                        new PartitionWatch(run, repository, channel, settings))
                : null;
    }

    private Map<String, ExecutionContext> unfinished(JobRun run, int blocks) {
        Set<Integer> finished = new Checkpoints(run, fenced).finished();
        Map<String, ExecutionContext> partitions = new LinkedHashMap<>();
        for (int block = 0; block < blocks; block++) {
            if (!finished.contains(block)) {
                Partition partition =
                        new Partition(run.job().id(), block, run.lease().version(), null);
                partitions.put(partition.name(), partition.context());
            }
        }
        return partitions;
    }

    /** All partitions have ended; the worst of their ends is the job's. */
    private static StepExecutionAggregator aggregator(JobRun run, PartitionWatch watch) {
        return (_, partitions) -> {
            run.check();
            Outcome verdict = watch.verdict();
            if (verdict == null) {
                verdict = Partition.worst(partitions);
            }
            if (verdict != null) {
                throw new PartitionFailedException(verdict);
            }
        };
    }
}
