package io.shiftadd.quantize.job;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.OptimisticLockingFailureException;

/**
 * Beside the step that waits for partitions: takes them away from workers that are not heard of any more and hands them
 * out again, ends them all when the job is to end or one of them has failed, and tells how far they are.
 *
 * <p>That a worker lives is seen by its row changing, and how long it has not changed is measured by this process's own
 * clock, so that no two machines' clocks or time zones are ever compared.
 */
final class PartitionWatch implements StepExecutionListener {

    private static final Logger log = LoggerFactory.getLogger(PartitionWatch.class);

    private final JobRun run;
    private final JobRepository repository;
    private final PartitionChannel channel;
    private final Slots slots;
    private final WorkerSettings.Jobs settings;
    private final int blocks;
    private final Map<Long, Seen> seen = new HashMap<>();
    private final Map<Integer, Integer> deaths = new HashMap<>();
    private @Nullable ScheduledExecutorService scheduler;
    private volatile @Nullable Outcome verdict;

    /** @param sign changes while the worker lives */
    private record Seen(String sign, long sinceNanos) {}

    PartitionWatch(
            JobRun run,
            JobRepository repository,
            PartitionChannel channel,
            Slots slots,
            WorkerSettings.Jobs settings,
            int blocks) {
        this.run = run;
        this.repository = repository;
        this.channel = channel;
        this.slots = slots;
        this.settings = settings;
        this.blocks = blocks;
    }

    @Override
    public void beforeStep(StepExecution step) {
        run.progress().enter(Stage.REPARAMETERIZE);
        slots.release();
        long job = step.getJobExecutionId();
        long tick = settings.tick().toMillis();
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("partition-watch").daemon().factory());
        scheduler = started;
        started.scheduleWithFixedDelay(() -> tick(job), tick, tick, TimeUnit.MILLISECONDS);
    }

    @Override
    public @Nullable ExitStatus afterStep(StepExecution step) {
        Objects.requireNonNull(scheduler, "beforeStep").shutdownNow();
        slots.acquire();
        return null;
    }

    /** Why the watch ended the job, if it did. */
    @Nullable
    Outcome verdict() {
        return verdict;
    }

    private void tick(long job) {
        try {
            long start = System.nanoTime();
            JobExecution execution = repository.getJobExecution(job);
            if (System.nanoTime() - start > settings.lease().toNanos() / 2) {
                // The database was away, for the workers too: what they could not write says nothing about them.
                seen.clear();
            }
            if (execution != null) {
                visit(execution.getStepExecutions().stream()
                        .filter(Partition::isOne)
                        .toList());
            }
        } catch (RuntimeException failure) {
            seen.clear();
            log.warn("The partitions could not be looked after, trying again: {}", failure.getMessage());
        }
    }

    private void visit(List<StepExecution> partitions) {
        long finished = partitions.stream()
                .filter(partition -> partition.getStatus() == BatchStatus.COMPLETED)
                .count();
        int done = blocks - partitions.size() + (int) finished;
        run.progress().blocks(done, blocks);
        run.progress().done((double) done / blocks);
        boolean failed = partitions.stream().anyMatch(partition -> partition.getStatus() == BatchStatus.FAILED);
        if (failed || verdict != null || run.lease().stopReason() != null) {
            partitions.stream()
                    .filter(partition -> partition.getStatus().isRunning())
                    .forEach(this::stop);
        } else {
            partitions.forEach(this::look);
        }
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

    private void bury(StepExecution partition) {
        int block = Partition.of(partition).block();
        int died = deaths.merge(block, 1, Integer::sum);
        String worker = Partition.workerOf(partition);
        run.progress().event("recovered", Map.of("worker", run.lease().worker(), "lost", worker, "block", block + 1));
        log.warn("Worker {} is not heard of any more; block {} is handed out again", worker, block);
        if (died > settings.maxCrashes()) {
            verdict = new Outcome.Failed(
                    "workers died " + died + " times at block " + block + " of this job",
                    "Look for the end of the quantize-service's log (out of memory, or killed by the system), give it"
                            + " more memory, and retry the job.");
        } else {
            handOut(partition);
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
