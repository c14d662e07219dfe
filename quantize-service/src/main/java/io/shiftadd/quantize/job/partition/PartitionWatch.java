package io.shiftadd.quantize.job.partition;

import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.Outcome;
import io.shiftadd.quantize.job.run.WorkerSettings;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.OptimisticLockingFailureException;

/**
 * Looks after the partitions that somebody waits for: takes them away from workers that are not heard of any more and
 * hands them out again, and ends them all when the job is to end or one of them has failed.
 *
 * <p>That a worker lives is seen by its row changing, and how long it has not changed is measured by this process's own
 * clock, so that no two machines' clocks or time zones are ever compared.
 */
final class PartitionWatch {

    private static final Logger log = LoggerFactory.getLogger(PartitionWatch.class);

    private final JobRun run;
    private final JobRepository repository;
    private final PartitionChannel channel;
    private final WorkerSettings.Jobs settings;
    private final Map<Long, Seen> seen = new HashMap<>();
    private final Map<Integer, Integer> deaths = new HashMap<>();
    private volatile @Nullable Outcome verdict;

    /** @param sign changes while the worker lives */
    private record Seen(String sign, long sinceNanos) {}

    PartitionWatch(JobRun run, JobRepository repository, PartitionChannel channel, WorkerSettings.Jobs settings) {
        this.run = run;
        this.repository = repository;
        this.channel = channel;
        this.settings = settings;
    }

    /** Why the watch ended the job, if it did. */
    @Nullable
    Outcome verdict() {
        return verdict;
    }

    /**
     * Looks after the partitions; to be called again and again.
     *
     * @param partitions reads their rows
     * @return the rows as they were, or none if they could not be read
     */
    List<StepExecution> visit(Supplier<List<StepExecution>> partitions) {
        try {
            long start = System.nanoTime();
            List<StepExecution> rows = partitions.get();
            if (System.nanoTime() - start > settings.lease().toNanos() / 2) {
                // The database was away, for the workers too: what they could not write says nothing about them.
                seen.clear();
            }
            visit(rows);
            return rows;
        } catch (RuntimeException failure) {
            seen.clear();
            log.warn("The partitions could not be looked after, trying again: {}", failure.getMessage());
            return List.of();
        }
    }

    private void visit(List<StepExecution> partitions) {
        boolean failed = partitions.stream().anyMatch(partition -> partition.getStatus() == BatchStatus.FAILED);
        if (failed || isEnding()) {
            partitions.stream()
                    .filter(partition -> partition.getStatus().isRunning())
                    .forEach(this::stop);
        } else {
            partitions.forEach(this::look);
        }
    }

    /** Whether partitions that are given back stay so. */
    boolean isEnding() {
        return verdict != null || run.lease().stopReason() != null;
    }

    private void look(StepExecution partition) {
        boolean givenBack = partition.getStatus() == BatchStatus.STOPPED;
        if (!partition.getStatus().isRunning() && !givenBack) {
            return;
        }
        String sign = partition.getVersion() + " " + partition.getLastUpdated();
        Seen before = seen.get(partition.getId());
        if (before == null || !before.sign.equals(sign)) {
            before = new Seen(sign, System.nanoTime());
            seen.put(partition.getId(), before);
        }
        Duration silent = Duration.ofNanos(System.nanoTime() - before.sinceNanos);
        if (givenBack) {
            handOut(partition);
        } else if (silent.compareTo(settings.lease()) > 0) {
            if (partition.getStatus() == BatchStatus.STARTED) {
                bury(partition);
            } else if (channel.isEmpty()) {
                // Its request was taken, and whoever took it died before he could begin.
                handOut(partition);
            }
        }
    }

    private void bury(StepExecution row) {
        Partition partition = Partition.of(row);
        int block = partition.block();
        int died = deaths.merge(block, 1, Integer::sum);
        String worker = Partition.workerOf(row);
        run.progress().event("recovered", Map.of("worker", run.lease().worker(), "lost", worker, "block", block + 1));
        log.warn("Worker {} is not heard of any more; {} is handed out again", worker, partition.what());
        if (died > settings.maxCrashes()) {
            verdict = new Outcome.Failed(
                    "workers died " + died + " times at block " + block + " of this job",
                    "Look for the end of the quantize-service's log (out of memory, or killed by the system), give it"
                            + " more memory, and retry the job.");
        } else {
            handOut(row);
        }
    }

    private void handOut(StepExecution partition) {
        partition.setStatus(BatchStatus.STARTING);
        partition.setExitStatus(ExitStatus.EXECUTING);
        if (update(partition)) {
            channel.send(partition.getId());
        }
    }

    private void stop(StepExecution partition) {
        partition.setStatus(BatchStatus.STOPPED);
        partition.setExitStatus(ExitStatus.STOPPED);
        partition.setEndTime(LocalDateTime.now());
        update(partition);
    }

    /** @return false if the worker was faster: it has just ended, or begun */
    private boolean update(StepExecution partition) {
        try {
            repository.update(partition);
            return true;
        } catch (OptimisticLockingFailureException faster) {
            return false;
        }
    }
}
