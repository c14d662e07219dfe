package io.shiftadd.inference.grammar.pattern;

import java.util.concurrent.CancellationException;

/**
 * Work that may still be done, in steps of some tens of nanoseconds. It is charged while the work is done, so that what
 * costs too much ends after a time that does not depend on the input, and what nobody waits for ends when its thread is
 * interrupted. For one thread at a time.
 */
public final class Work {

    private static final int STEPS_BETWEEN_LOOKS = 1 << 14;

    private final String limit;
    private long left;
    private long sinceLook;

    /** @param limit what has been spent when it is, for the message */
    public Work(long steps, String limit) {
        this.left = steps;
        this.limit = limit;
    }

    /** Allows more steps, up to a limit of what may be saved. */
    public void refill(long steps, long most) {
        left = Math.min(most, left + steps);
    }

    /** @throws Spent when no more may be done */
    public void charge(long steps) {
        left -= steps;
        if (left < 0) {
            throw new Spent(limit);
        }
        sinceLook += steps;
        if (sinceLook >= STEPS_BETWEEN_LOOKS) {
            sinceLook = 0;
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("interrupted while a schema was compiled");
            }
        }
    }

    /** The budget is spent. */
    public static final class Spent extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private Spent(String message) {
            super(message);
        }
    }
}
