package io.shiftadd.inference.loading;

/** No model of that name or id is registered. */
public final class UnknownModelException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnknownModelException(String name) {
        super("The model '" + name + "' does not exist; GET /v1/models lists those that do");
    }
}
