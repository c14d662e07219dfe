package io.shiftadd.http.access;

/** The registry did not answer, or not as agreed, and the key is not known from before. */
final class KeysUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    KeysUnavailableException(Throwable cause) {
        super("the registry does not answer (" + cause.getMessage() + ")", cause);
    }
}
