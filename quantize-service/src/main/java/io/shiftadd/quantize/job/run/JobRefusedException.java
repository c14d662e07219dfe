package io.shiftadd.quantize.job.run;

/** A job that cannot succeed as things stand: trying again by itself would change nothing. */
public final class JobRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String reason;
    private final String remedy;

    /**
     * @param reason what is wrong and where, with the limit that was passed
     * @param remedy what the user can do about it
     */
    public JobRefusedException(String reason, String remedy) {
        super(reason);
        this.reason = reason;
        this.remedy = remedy;
    }

    String reason() {
        return reason;
    }

    String remedy() {
        return remedy;
    }
}
