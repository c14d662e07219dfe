package io.shiftadd.quantize.job.lease;

import io.shiftadd.job.JobId;
import io.shiftadd.quantize.job.lease.JobStoppedException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The right to work on a job. Its version is the fencing token: a commit is made only where the job's row still carries
 * it. The holder asks {@link #check} at every row-block; what it hears comes from {@code LeaseKeeper} or a refused
 * commit.
 */
public final class JobLease {

    private final JobId job;
    private final String worker;
    private final long version;
    private volatile @Nullable Reason stop;
    private volatile boolean finished;

    public JobLease(JobId job, String worker, long version) {
        this.job = job;
        this.worker = worker;
        this.version = version;
    }

    public JobId job() {
        return job;
    }

    public String worker() {
        return worker;
    }

    public long version() {
        return version;
    }

    /** The first reason stands, except that a lost lease overrules whatever was asked before. */
    public synchronized void stop(Reason reason) {
        if (stop == null || reason == Reason.LEASE_LOST) {
            stop = reason;
        }
    }

    @Nullable
    public Reason stopReason() {
        return stop;
    }

    /** The job has been ended under this lease: there is nothing left to renew. */
    void finish() {
        finished = true;
    }

    public boolean isFinished() {
        return finished;
    }

    /** @throws JobStoppedException if the work is to end here */
    public void check() {
        Reason reason = stop;
        if (reason != null) {
            throw new JobStoppedException(job, reason);
        }
    }
}
