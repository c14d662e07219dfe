package io.shiftadd.http.access;

import java.time.Duration;

/** Why a request is not let in; each service says it in the form of its own errors. */
public final class RefusedKeyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final String code;
    private final Duration retryAfter;

    RefusedKeyException(Kind kind, String code, Duration retryAfter, String message) {
        super(message);
        this.kind = kind;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /** What an answer's status goes by. */
    public enum Kind {
        /** There is no key, or none that is valid. */
        UNKNOWN,
        /** The key has not the scope. */
        FORBIDDEN,
        /** The key has used what it may. */
        TOO_MANY,
        /** Nobody can tell just now. */
        UNAVAILABLE
    }

    public Kind kind() {
        return kind;
    }

    /** A word for programs, e.g. {@code rate_limit_exceeded}. */
    public String code() {
        return code;
    }

    /** When to try again; of use when there are too many requests, or nobody can tell. */
    public Duration retryAfter() {
        return retryAfter;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
