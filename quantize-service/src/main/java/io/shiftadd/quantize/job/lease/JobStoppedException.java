package io.shiftadd.quantize.job.lease;

import io.shiftadd.job.JobId;

/** Ends the work on a job that is not to be continued here: nothing failed. */
public final class JobStoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public enum Reason {
        /** Somebody else holds the job, or it has ended: nothing may be written for it any more. */
        LEASE_LOST,
        CANCELLED,
        /** This process is going down; the job waits for the next worker. */
        SHUTDOWN
    }

    private final Reason reason;

    public JobStoppedException(JobId job, Reason reason) {
        super("job " + job + " stopped here: " + reason);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
