package io.shiftadd.inference.generation;

/** A constraint that cannot go on: finding out what may follow the text so far takes too much work. */
public final class ConstraintException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ConstraintException(String message) {
        super(message);
    }
}
