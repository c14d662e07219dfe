package io.shiftadd.inference.generation;

import java.time.Duration;

/** Too many prompts wait already. */
public final class QueueFullException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    QueueFullException(int waiting, Duration retryAfter) {
        this(waiting, "prompts", retryAfter);
    }

    private QueueFullException(int waiting, String what, Duration retryAfter) {
        super(waiting + " " + what + " are waiting for this model already; retry after " + retryAfter.toSeconds()
                + " s");
        this.retryAfter = retryAfter;
    }

    /** @param what waits, in the plural */
    public static QueueFullException of(int waiting, String what, Duration retryAfter) {
        return new QueueFullException(waiting, what, retryAfter);
    }

    /** When there is likely to be room. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
