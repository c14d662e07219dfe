package io.shiftadd.quantize.job.partition;

import io.shiftadd.quantize.job.lease.JobLease;
import io.shiftadd.quantize.job.lease.JobStoppedException;
import io.shiftadd.quantize.job.lease.JobStoppedException.Reason;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.WorkerSettings;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;

/**
 * Beside every partition in work: shows that its worker lives, and hears whether it still has the partition. The
 * version of Spring Batch's row is the fencing token: whoever takes a partition away from its worker raises it.
 */
final class PartitionKeeper implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PartitionKeeper.class);

    /** A partition is in the hands of a worker while its row says so. */
    private static final String HELD = "step_execution_id = :id and version = :version and status = 'STARTED'";

    private final JdbcClient jdbc;
    private final Map<Long, Held> held = new ConcurrentHashMap<>();
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("partition-keeper").daemon().factory());

    private record Held(long id, int version, JobRun run) {}

    PartitionKeeper(JdbcClient jdbc, WorkerSettings.Jobs settings) {
        this.jdbc = jdbc;
        long tick = settings.tick().toMillis();
        scheduler.scheduleWithFixedDelay(this::tick, tick, tick, TimeUnit.MILLISECONDS);
    }

    void hold(StepExecution step, JobRun run) {
        held.put(step.getId(), new Held(step.getId(), versionOf(step), run));
    }

    void release(StepExecution step) {
        held.remove(step.getId());
    }

    /** Asks all partitions to end because this process goes down. */
    void shutDown() {
        held.values().forEach(entry -> entry.run.lease().stop(Reason.SHUTDOWN));
    }

    /**
     * Locks the partition's row until the transaction ends.
     *
     * @throws JobStoppedException if the partition has been taken away
     */
    static void require(JdbcClient client, StepExecution step, JobLease lease) {
        boolean holds = client.sql("select 1 from batch.batch_step_execution where " + HELD + " for update")
                .param("id", step.getId())
                .param("version", versionOf(step))
                .query(Integer.class)
                .optional()
                .isPresent();
        if (!holds) {
            lease.stop(Reason.LEASE_LOST);
            throw new JobStoppedException(lease.job(), Reason.LEASE_LOST);
        }
    }

    private static int versionOf(StepExecution step) {
        Integer version = step.getVersion();
        if (version == null) {
            throw new IllegalStateException("partition " + step.getStepName() + " has not been started");
        }
        return version;
    }

    private void tick() {
        for (Held entry : held.values()) {
            try {
                beat(entry);
            } catch (DataAccessException | TransactionException failure) {
                log.warn("Heartbeat of a partition failed, the next one is due in a moment: {}", failure.getMessage());
            } catch (RuntimeException failure) {
                // Thrown further, it would end the schedule for every partition.
                log.error("Heartbeat of a partition failed", failure);
            }
        }
    }

    private void beat(Held entry) {
        entry.run.memory().sample();
        int rows = jdbc.sql("update batch.batch_step_execution set last_updated = clock_timestamp() where " + HELD)
                .param("id", entry.id)
                .param("version", entry.version)
                .update();
        if (rows == 0 && held.containsKey(entry.id)) {
            entry.run.lease().stop(Reason.LEASE_LOST);
        }
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }
}
