package io.shiftadd.quantize.job;

import io.shiftadd.quantize.job.lease.ClaimedJob;
import io.shiftadd.quantize.job.lease.Events;
import io.shiftadd.quantize.job.lease.FencedTransactions;
import io.shiftadd.quantize.job.lease.JobQueue;
import io.shiftadd.quantize.job.lease.JobStoppedException;
import io.shiftadd.quantize.job.run.BatchLauncher;
import io.shiftadd.quantize.job.run.Course;
import io.shiftadd.quantize.job.run.JobMeters;
import io.shiftadd.quantize.job.run.JobProgress;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.JobSpans;
import io.shiftadd.quantize.job.run.JobWorkspace;
import io.shiftadd.quantize.job.run.LeaseKeeper;
import io.shiftadd.quantize.job.run.Outcome;
import io.shiftadd.quantize.job.run.ProgressWriter;
import io.shiftadd.quantize.job.run.RegistryRows;
import io.shiftadd.quantize.job.run.WorkerSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Runs a claimed job to an end, and writes down which end it was: the states of a job are changed here and at the
 * claim.
 */
final class JobRunner {

    private static final Logger log = LoggerFactory.getLogger(JobRunner.class);

    /** How often in a row a run is continued after the database was away for longer than a commit waits. */
    private static final int RELAUNCHES = 3;

    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(10);

    private static final String END = """
            update registry.job set
                state = :state, cause = :cause, remedy = :remedy, eta_seconds = null, lease_owner = null, lease_until = null,
                finished_at = case when :state = 'QUEUED' then null else now() end,
                not_before = now() + :delay * interval '1 second',
                attempt = attempt - :giveBack
            where id = :job""";

    private final BatchLauncher launcher;
    private final BatchJobs jobs;
    private final JobQueue queue;
    private final RegistryRows registry;
    private final LeaseKeeper keeper;
    private final FencedTransactions fenced;
    private final ProgressWriter writer;
    private final JobMeters meters;
    private final JobSpans spans;
    private final WorkerSettings settings;

    JobRunner(
            BatchLauncher launcher,
            BatchJobs jobs,
            JobQueue queue,
            RegistryRows registry,
            LeaseKeeper keeper,
            FencedTransactions fenced,
            ProgressWriter writer,
            JobMeters meters,
            JobSpans spans,
            WorkerSettings settings) {
        this.launcher = launcher;
        this.jobs = jobs;
        this.queue = queue;
        this.registry = registry;
        this.keeper = keeper;
        this.fenced = fenced;
        this.writer = writer;
        this.meters = meters;
        this.spans = spans;
        this.settings = settings;
    }

    void run(ClaimedJob job) {
        long start = System.nanoTime();
        JobRun run = new JobRun(
                job,
                new JobWorkspace(settings.workDirectory(), job.lease()),
                new JobProgress(System.nanoTime(), Course.of(job)));
        MDC.put("job", job.id().toString());
        keeper.hold(run);
        try {
            log.info("Attempt {} of {}{}", job.attempt(), job.maxAttempts(), job.takenOver() ? ", taken over" : "");
            Outcome outcome = spans.during("job " + job.kind().name().toLowerCase(Locale.ROOT), run, span -> {
                Outcome end = work(run);
                span.tag("job.outcome", end.label());
                return end;
            });
            // A worker that goes down is interrupted; that must not keep it from giving the job back.
            boolean interrupted = Thread.interrupted();
            keeper.release(run);
            end(run, outcome);
            meters.ended(job, outcome, Duration.ofNanos(System.nanoTime() - start));
            log.info("Ended: {}", outcome);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        } catch (JobStoppedException lost) {
            log.warn("Another worker has the job, or it ended; nothing of this run is written");
        } finally {
            keeper.release(run);
            MDC.remove("job");
        }
    }

    private Outcome work(JobRun run) {
        if (run.job().takenOver()) {
            int crashes = queue.crashesSinceCheckpoint(run.job().id());
            if (crashes > settings.jobs().maxCrashes()) {
                return new Outcome.Failed(
                        "the worker died " + crashes + " times at the same point of this job",
                        "Look for the end of the quantize-service's log (out of memory, or killed by the system), give it"
                                + " more memory, and retry the job.");
            }
        }
        Outcome outcome = new Outcome.Interrupted("not started");
        for (int launch = 0; launch <= RELAUNCHES && outcome instanceof Outcome.Interrupted; launch++) {
            outcome = launch(run);
        }
        return outcome;
    }

    private Outcome launch(JobRun run) {
        try (JobResources resources = new JobResources(
                run, registry.model(run.job().modelId()), settings.jobs().threadsPerJob())) {
            return launcher.launch(run, () -> jobs.build(run, resources));
        } catch (RuntimeException failure) {
            return BatchLauncher.diagnose(List.of(failure), run);
        }
    }

    private void end(JobRun run, Outcome outcome) {
        switch (outcome) {
            case Outcome.Succeeded() -> deleteWorkspace(run);
            case Outcome.Lost() -> log.warn("Another worker has the job, or it ended; nothing of this run is written");
            case Outcome.Cancelled() -> write(run, "CANCELLED", null, null, Duration.ZERO, false);
            case Outcome.Released() -> write(run, "QUEUED", null, null, Duration.ZERO, true);
            case Outcome.Interrupted(String cause) -> write(run, "QUEUED", cause, null, Duration.ZERO, true);
            case Outcome.Failed(String cause, String remedy) -> fail(run, cause, remedy);
            case Outcome.Faulted(String cause, String remedy) -> {
                if (run.job().attempt() < run.job().maxAttempts()) {
                    Duration delay = backoff(run.job().attempt());
                    run.warn(cause, "The job is tried again by itself in " + delay.toSeconds() + " s.");
                    write(run, "QUEUED", cause, remedy, delay, false);
                } else {
                    fail(run, cause, remedy);
                }
            }
        }
    }

    private void fail(JobRun run, String cause, String remedy) {
        run.progress().event("error", Map.of("cause", cause, "remedy", remedy, "reference", run.reference()));
        write(run, "FAILED", cause, remedy, Duration.ZERO, false);
    }

    Duration backoff(int attempt) {
        Duration delay = settings.jobs().backoff().multipliedBy(1L << Math.min(attempt - 1, 20));
        return delay.compareTo(LONGEST_BACKOFF) < 0 ? delay : LONGEST_BACKOFF;
    }

    private void write(
            JobRun run,
            String state,
            @Nullable String cause,
            @Nullable String remedy,
            Duration delay,
            boolean giveAttemptBack) {
        List<Events.Event> events = run.progress().drain();
        JobProgress.Snapshot now = run.progress().snapshot(System.nanoTime());
        fenced.run(run.lease(), client -> {
            writer.write(client, run.lease(), now, events);
            write(client, run, state, cause, remedy, delay, giveAttemptBack);
        });
    }

    private static void write(
            JdbcClient client,
            JobRun run,
            String state,
            @Nullable String cause,
            @Nullable String remedy,
            Duration delay,
            boolean giveAttemptBack) {
        client.sql(END)
                .param("state", state)
                .param("cause", cause)
                .param("remedy", remedy)
                .param("delay", delay.toMillis() / 1000.0)
                .param("giveBack", giveAttemptBack ? 1 : 0)
                .param("job", run.job().id().value())
                .update();
    }

    private static void deleteWorkspace(JobRun run) {
        try {
            run.workspace().delete();
        } catch (IOException failure) {
            log.warn(
                    "Cannot remove {}; the next sweep tries again",
                    run.workspace().directory(),
                    failure);
        }
    }
}
