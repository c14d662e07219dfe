package io.shiftadd.quantize.job.run;

/** What became of a partition on another worker, told to the one who holds the job. */
public final class PartitionFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Outcome outcome;

    public PartitionFailedException(Outcome outcome) {
        super(outcome.toString());
        this.outcome = outcome;
    }

    Outcome outcome() {
        return outcome;
    }
}
