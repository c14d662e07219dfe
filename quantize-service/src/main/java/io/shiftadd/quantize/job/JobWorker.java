package io.shiftadd.quantize.job;

import io.shiftadd.quantize.job.lease.ClaimedJob;
import io.shiftadd.quantize.job.lease.JobQueue;
import io.shiftadd.quantize.job.run.LeaseKeeper;
import io.shiftadd.quantize.job.run.Slots;
import io.shiftadd.quantize.job.run.WorkerSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** The threads that take jobs from the queue, one after the other, until the process goes down. */
final class JobWorker implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(JobWorker.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final JobQueue queue;
    private final JobRunner runner;
    private final LeaseKeeper keeper;
    private final WorkerSettings.Jobs settings;
    private final Slots slots;
    private final List<Thread> threads = new ArrayList<>();
    private volatile CountDownLatch stopping = new CountDownLatch(0);

    JobWorker(JobQueue queue, JobRunner runner, LeaseKeeper keeper, WorkerSettings.Jobs settings, Slots slots) {
        this.queue = queue;
        this.runner = runner;
        this.keeper = keeper;
        this.settings = settings;
        this.slots = slots;
    }

    @Override
    public synchronized void start() {
        stopping = new CountDownLatch(1);
        for (int i = 0; i < settings.concurrency(); i++) {
            threads.add(Thread.ofPlatform().name("job-worker-" + i).start(this::work));
        }
        log.info("Worker {} runs {} job(s) at a time", settings.workerName(), settings.concurrency());
    }

    private void work() {
        Duration pause = settings.poll();
        while (stopping.getCount() > 0) {
            boolean found = false;
            try {
                found = runNext();
                pause = settings.poll();
            } catch (DataAccessException | TransactionException failure) {
                log.warn("No job can be claimed, trying again in {} ms: {}", pause.toMillis(), failure.getMessage());
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            } catch (RuntimeException failure) {
                // A job must not take the worker down for the others.
                log.error("A job ended in a way that was not foreseen", failure);
            }
            if (!found && await(pause)) {
                return;
            }
        }
    }

    /** @return whether there was a job to do, and a slot to do it in */
    private boolean runNext() {
        if (!hasSlot()) {
            return false;
        }
        try {
            Optional<ClaimedJob> job = queue.claim();
            job.ifPresent(runner::run);
            return job.isPresent();
        } finally {
            slots.release();
        }
    }

    /** Partitions of other jobs may have taken it. */
    private boolean hasSlot() {
        try {
            return slots.acquire(settings.poll());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** @return whether the worker stops */
    private boolean await(Duration pause) {
        try {
            return stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Running jobs end within a row-block and go back to the queue; what is finished of them stays. */
    @Override
    public synchronized void stop() {
        stopping.countDown();
        keeper.shutDown();
        long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
        for (Thread thread : threads) {
            try {
                if (!thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
                    thread.interrupt();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        threads.clear();
    }

    @Override
    public synchronized boolean isRunning() {
        return !threads.isEmpty();
    }
}
