package io.shiftadd.inference.generation;

/** The heap had no room for what a request needed; others go on. */
public final class MemoryExhaustedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MemoryExhaustedException(OutOfMemoryError cause) {
        super("there was not enough memory for this request; send it again, or fewer or shorter ones at a time", cause);
    }
}
