package io.shiftadd.inference.loading;

/** A registered model could not be loaded; the message says why. */
public final class ModelLoadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ModelLoadException(String model, String reason) {
        super("model '" + model + "' cannot be loaded: " + reason);
    }

    ModelLoadException(String model, Throwable cause) {
        super("model '" + model + "' cannot be loaded: " + cause.getMessage(), cause);
    }

    /** The same failure, told to another who waited for it. */
    ModelLoadException(ModelLoadException failure) {
        super(failure.getMessage(), failure);
    }
}
