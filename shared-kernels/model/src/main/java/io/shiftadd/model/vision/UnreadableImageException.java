package io.shiftadd.model.vision;

import org.jspecify.annotations.Nullable;

/** An image that cannot be shown to a model: what is wrong with it, and what can be done. */
public final class UnreadableImageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String what;
    private final String remedy;

    UnreadableImageException(String what, String remedy, @Nullable Throwable cause) {
        super(what + ". " + remedy, cause);
        this.what = what;
        this.remedy = remedy;
    }

    UnreadableImageException(String what, String remedy) {
        this(what, remedy, null);
    }

    /** To be read behind "the image …". */
    public String what() {
        return what;
    }

    public String remedy() {
        return remedy;
    }
}
