package io.shiftadd.quantize.job.partition;

import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.Slots;
import io.shiftadd.quantize.job.run.Stage;
import io.shiftadd.quantize.job.run.WorkerSettings;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/**
 * Beside the step that waits for the blocks of a job: looks after them and tells how far they are. The slot of who
 * waits is free meanwhile.
 */
final class BlockWatch implements StepExecutionListener {

    private final PartitionWatch watch;
    private final JobRun run;
    private final JobRepository repository;
    private final Slots slots;
    private final WorkerSettings.Jobs settings;
    private final int blocks;
    private @Nullable ScheduledExecutorService scheduler;
    private boolean ended;

    BlockWatch(
            PartitionWatch watch,
            JobRun run,
            JobRepository repository,
            Slots slots,
            WorkerSettings.Jobs settings,
            int blocks) {
        this.watch = watch;
        this.run = run;
        this.repository = repository;
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
        end(step.getStatus() == BatchStatus.COMPLETED);
        slots.acquire();
        return null;
    }

    private void tick(long job) {
        List<StepExecution> partitions = watch.visit(() -> partitionsOf(job));
        if (!partitions.isEmpty()) {
            long finished = partitions.stream()
                    .filter(partition -> partition.getStatus() == BatchStatus.COMPLETED)
                    .count();
            tell(blocks - partitions.size() + (int) finished);
        }
    }

    private synchronized void tell(int done) {
        if (!ended) {
            run.progress().blocks(done, blocks);
            run.progress().done((double) done / blocks);
        }
    }

    /** The step may end before the watch has seen its last block; a late look then says nothing. */
    private synchronized void end(boolean completed) {
        if (completed) {
            tell(blocks);
        }
        ended = true;
    }

    private List<StepExecution> partitionsOf(long job) {
        JobExecution execution = repository.getJobExecution(job);
        return execution == null
                ? List.of()
                : execution.getStepExecutions().stream()
                        .filter(Partition::isOne)
                        .toList();
    }
}
