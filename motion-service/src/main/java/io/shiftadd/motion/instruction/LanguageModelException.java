package io.shiftadd.motion.instruction;

/** The language model gave no answer at all: it is away, or refused the request. */
public final class LanguageModelException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LanguageModelException(String message) {
        super(message);
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
