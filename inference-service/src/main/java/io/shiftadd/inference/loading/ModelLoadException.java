package io.shiftadd.inference.loading;

/** A registered model could not be loaded; the message says why. */
public final class ModelLoadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean passing;

    ModelLoadException(String model, String reason) {
        this(model, reason, false);
    }

    private ModelLoadException(String model, String reason, boolean passing) {
        super("model '" + model + "' cannot be loaded: " + reason);
        this.passing = passing;
    }

    ModelLoadException(String model, Throwable cause) {
        super("model '" + model + "' cannot be loaded: " + cause.getMessage(), cause);
        this.passing = false;
    }

    /** The same failure, told to another who waited for it. */
    ModelLoadException(ModelLoadException failure) {
        super(failure.getMessage(), failure);
        this.passing = failure.passing;
    }

    /** What passes by itself: others use the memory just now. */
    static ModelLoadException passing(String model, String reason) {
        return new ModelLoadException(model, reason, true);
    }

    /** Whether the same request may succeed later, though nobody changes anything. */
    public boolean isPassing() {
        return passing;
    }
}
