package io.shiftadd.inference.generation;

import java.time.Duration;

/** Too many prompts wait already. */
public final class QueueFullException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    QueueFullException(int waiting, Duration retryAfter) {
        super(waiting + " prompts are waiting for this model already; retry after " + retryAfter.toSeconds() + " s");
        this.retryAfter = retryAfter;
    }

    /** When there is likely to be room. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
