package io.shiftadd.quantize.job;

import io.shiftadd.quantize.job.JobStoppedException.Reason;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The right to work on a job. Its version is the fencing token: a commit is made only where the job's row still carries
 * it. The holder asks {@link #check} at every row-block; what it hears comes from {@link LeaseKeeper} or a refused commit.
 */
final class JobLease {

    private final UUID job;
    private final String worker;
    private final long version;
    private volatile @Nullable Reason stop;
    private volatile boolean finished;

    JobLease(UUID job, String worker, long version) {
        this.job = job;
        this.worker = worker;
        this.version = version;
    }

    UUID job() {
        return job;
    }

    String worker() {
        return worker;
    }

    long version() {
        return version;
    }

    /** The first reason stands, except that a lost lease overrules whatever was asked before. */
    synchronized void stop(Reason reason) {
        if (stop == null || reason == Reason.LEASE_LOST) {
            stop = reason;
        }
    }

    @Nullable
    Reason stopReason() {
        return stop;
    }

    /** The job has been ended under this lease: there is nothing left to renew. */
    void finish() {
        finished = true;
    }

    boolean isFinished() {
        return finished;
    }

    /** @throws JobStoppedException if the work is to end here */
    void check() {
        Reason reason = stop;
        if (reason != null) {
            throw new JobStoppedException(job, reason);
        }
    }
}
