package io.shiftadd.http;

import org.jspecify.annotations.Nullable;

/** A request's body that cannot be read; says why in words for the client. */
public final class BadBodyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int BAD_REQUEST = 400;
    private static final int TOO_LARGE = 413;

    private final int status;
    private final @Nullable String field;

    private BadBodyException(int status, @Nullable String field, String message) {
        super(message);
        this.status = status;
        this.field = field;
    }

    static BadBodyException malformed(String message) {
        return new BadBodyException(BAD_REQUEST, null, message);
    }

    /** @param field the one at fault, e.g. {@code messages[2].content} */
    static BadBodyException ofField(String field, String message) {
        return new BadBodyException(BAD_REQUEST, field, message);
    }

    static BadBodyException tooLarge(String message) {
        return new BadBodyException(TOO_LARGE, null, message);
    }

    /** 400 or 413. */
    public int status() {
        return status;
    }

    /** The field at fault; null when it is the body as a whole. */
    public @Nullable String field() {
        return field;
    }

    /** What is wrong, where, and what to do. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
