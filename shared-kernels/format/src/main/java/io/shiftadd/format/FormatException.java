package io.shiftadd.format;

import org.jspecify.annotations.Nullable;

/**
 * A file is not what it claims to be, or is something that is never loaded. Carries what is wrong, where, the limit
 * that it breaks, and the remedy; the message states all four.
 */
public final class FormatException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String what;
    private final String where;
    private final String limit;
    private final String remedy;

    /**
     * @param what what is wrong, e.g. {@code tensor 'lm_head.weight' ends at byte 912}
     * @param where the file, and the place in it when known
     * @param limit what would have been right, e.g. {@code the data ends at byte 900}
     * @param remedy what its owner can do
     */
    public FormatException(String what, String where, String limit, String remedy) {
        super(message(what, where, limit, remedy));
        this.what = what;
        this.where = where;
        this.limit = limit;
        this.remedy = remedy;
    }

    /** As the other constructor, with the failure that revealed it. */
    public FormatException(String what, String where, String limit, String remedy, @Nullable Throwable cause) {
        super(message(what, where, limit, remedy), cause);
        this.what = what;
        this.where = where;
        this.limit = limit;
        this.remedy = remedy;
    }

    public String what() {
        return what;
    }

    public String where() {
        return where;
    }

    public String limit() {
        return limit;
    }

    public String remedy() {
        return remedy;
    }

    private static String message(String what, String where, String limit, String remedy) {
        return where + ": " + what + "; " + limit + ". " + remedy;
    }
}
