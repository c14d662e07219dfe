package io.shiftadd.inference.loading;

/** The registry did not answer, or not as agreed, and what was asked is not known from before. */
public final class RegistryUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public RegistryUnavailableException(Throwable cause) {
        super(
                "the registry does not answer (" + cause.getMessage()
                        + "); models that are loaded are still served, see shiftadd.registry-url",
                cause);
    }
}
