package io.shiftadd.inference.generation;

/** The engine ended before the work was done. */
public final class EngineStoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EngineStoppedException(String reason) {
        super(reason);
    }
}
