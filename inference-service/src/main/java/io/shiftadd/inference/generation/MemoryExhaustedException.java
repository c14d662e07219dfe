package io.shiftadd.inference.generation;

/** The heap had no room for what a request needed; others go on. */
public final class MemoryExhaustedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MemoryExhaustedException(OutOfMemoryError cause) {
        super("there was not enough memory for this request; send it again, or fewer or shorter ones at a time", cause);
    }

    /** What is told of a pass that failed: of an error that the heap is full. */
    static RuntimeException told(Throwable failure) {
        return switch (failure) {
            case RuntimeException known -> known;
            case OutOfMemoryError memory -> new MemoryExhaustedException(memory);
            default -> new IllegalStateException(failure);
        };
    }
}
