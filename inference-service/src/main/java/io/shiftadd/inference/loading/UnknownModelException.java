package io.shiftadd.inference.loading;

/** No model of that name or id is registered. */
public final class UnknownModelException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Characters of a name that the message repeats. */
    private static final int MAX_NAME = 128;

    UnknownModelException(String name) {
        super("The model '" + (name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME) + "…")
                + "' does not exist; GET /v1/models lists those that do");
    }
}
