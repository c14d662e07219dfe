package io.shiftadd.quantize.job;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.partition.StepExecutionAggregator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.integration.partition.RemotePartitioningManagerStepBuilder;

/**
 * The step that hands the blocks of a job out as partitions and waits for them: to the workers of all processes, this one
 * among them. Which blocks are still to be done is said by the registry's rows, not by what Spring Batch remembers.
 */
final class PartitionedBlocks {

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

    Step step(JobRun run, JobResources resources) {
        int blocks = resources.model().blockCount();
        PartitionWatch watch = new PartitionWatch(run, repository, channel, slots, settings, blocks);
        return new RemotePartitioningManagerStepBuilder("reparameterize", repository)
                .partitioner(Partition.STEP, _ -> unfinished(run, blocks))
                .aggregator(aggregator(run, watch))
                .outputChannel(channel.channel())
                .pollInterval(settings.tick().toMillis())
                .listener(watch)
                .build();
    }

    private Map<String, ExecutionContext> unfinished(JobRun run, int blocks) {
        Set<Integer> finished = new Checkpoints(run, fenced).finished();
        Map<String, ExecutionContext> partitions = new LinkedHashMap<>();
        for (int block = 0; block < blocks; block++) {
            if (!finished.contains(block)) {
                Partition partition =
                        new Partition(run.job().id(), block, run.lease().version());
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
                verdict = worst(partitions);
            }
            if (verdict != null) {
                throw new PartitionFailedException(verdict);
            }
        };
    }

    private static @Nullable Outcome worst(Collection<StepExecution> partitions) {
        Outcome worst = null;
        for (StepExecution partition : partitions) {
            if (partition.getStatus() == BatchStatus.COMPLETED) {
                continue;
            }
            Outcome outcome = Partition.outcomeOf(partition);
            if (outcome instanceof Outcome.Failed || outcome instanceof Outcome.Faulted) {
                return outcome;
            }
            worst = new Outcome.Interrupted("a worker gave its block back");
        }
        return worst;
    }
}
