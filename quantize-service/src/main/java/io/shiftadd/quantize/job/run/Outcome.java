package io.shiftadd.quantize.job.run;

import java.util.Locale;

/** How a run of a job ended on this worker. */
public sealed interface Outcome {

    /** In metrics and traces. */
    default String label() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** The last step has committed the result; nothing is left to write. */
    record Succeeded() implements Outcome {}

    record Cancelled() implements Outcome {}

    /** Whatever becomes of the job, this worker must not write it. */
    record Lost() implements Outcome {}

    /** Given back to the queue as it is, for the next worker. */
    record Released() implements Outcome {}

    /** Final, unless the user does what the remedy says and retries. */
    record Failed(String cause, String remedy) implements Outcome {}

    /** Unexpected: worth another attempt, if there are attempts left. */
    record Faulted(String cause, String remedy) implements Outcome {}

    /** The database went away for longer than a commit waits; nothing is wrong with the job. */
    record Interrupted(String cause) implements Outcome {}
}
