package io.shiftadd.quantize.job.run;

import io.shiftadd.job.JobId;
import io.shiftadd.quantize.job.lease.Events.Event;
import io.shiftadd.quantize.job.lease.FencedTransactions;
import io.shiftadd.quantize.job.lease.JobStoppedException;
import io.shiftadd.quantize.job.lease.JobStoppedException.Reason;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;

/**
 * Beside every running job: renews its lease, writes its progress and events, and hears whether it is to be cancelled.
 * A lease that ran out unnoticed (the process was stopped, the database away) is renewed as long as nobody took the
 * job.
 */
public final class LeaseKeeper implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);

    private final FencedTransactions fenced;
    private final ProgressWriter writer;
    private final JdbcClient jdbc;
    private final long heartbeatNanos;
    private final Map<JobId, Held> held = new ConcurrentHashMap<>();
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("lease-keeper").daemon().factory());

    public LeaseKeeper(
            FencedTransactions fenced, ProgressWriter writer, JdbcClient jdbc, WorkerSettings.Jobs settings) {
        this.fenced = fenced;
        this.writer = writer;
        this.jdbc = jdbc;
        this.heartbeatNanos = settings.heartbeat().toNanos();
        long tick = settings.tick().toMillis();
        scheduler.scheduleWithFixedDelay(this::tick, tick, tick, TimeUnit.MILLISECONDS);
    }

    public void hold(JobRun run) {
        held.put(run.job().id(), new Held(run));
    }

    public void release(JobRun run) {
        held.computeIfPresent(run.job().id(), (id, entry) -> entry.run == run ? null : entry);
    }

    /** Asks all running jobs to end because this process goes down. */
    public void shutDown() {
        held.values().forEach(entry -> entry.run.lease().stop(Reason.SHUTDOWN));
    }

    private void tick() {
        for (Held entry : held.values()) {
            JobId job = entry.run.job().id();
            MDC.put("job", job.toString());
            try {
                visit(entry);
            } catch (JobStoppedException lost) {
                held.remove(job, entry);
                if (!entry.run.lease().isFinished()) {
                    log.warn("The lease is lost: another worker has the job");
                }
            } catch (DataAccessException | TransactionException failure) {
                log.warn("Heartbeat failed, the next one is due in a moment: {}", failure.getMessage());
            } catch (RuntimeException failure) {
                // Thrown further, it would end the schedule for every job.
                log.error("Heartbeat failed", failure);
            } finally {
                MDC.remove("job");
            }
        }
    }

    private void visit(Held entry) {
        entry.run.memory().sample();
        long now = System.nanoTime();
        if (now - entry.lastBeat >= heartbeatNanos || entry.run.progress().changed()) {
            beat(entry.run);
            entry.lastBeat = now;
        } else if (cancelRequested(entry.run.job().id())) {
            entry.run.lease().stop(Reason.CANCELLED);
        }
    }

    private void beat(JobRun run) {
        JobProgress progress = run.progress();
        List<Event> events = progress.drain();
        boolean written = false;
        try {
            JobProgress.Snapshot now = progress.snapshot(System.nanoTime());
            boolean cancel = fenced.commitOnce(run.lease(), client -> writer.write(client, run.lease(), now, events));
            written = true;
            if (cancel) {
                run.lease().stop(Reason.CANCELLED);
            }
        } finally {
            if (!written) {
                progress.restore(events);
            }
        }
    }

    private boolean cancelRequested(JobId job) {
        return jdbc.sql("select cancel_requested from registry.job where id = :job")
                .param("job", job.value())
                .query(Boolean.class)
                .optional()
                .orElse(true);
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }

    private static final class Held {

        final JobRun run;
        long lastBeat = System.nanoTime();

        Held(JobRun run) {
            this.run = run;
        }
    }
}
