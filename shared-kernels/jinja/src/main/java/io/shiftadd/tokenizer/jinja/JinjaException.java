package io.shiftadd.tokenizer.jinja;

/** A template is wrong, did something that is not allowed, exceeded a limit, or raised an exception itself. */
public final class JinjaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean raisedByTemplate;

    public JinjaException(String message) {
        this(message, false);
    }

    private JinjaException(String message, boolean raisedByTemplate) {
        super(message);
        this.raisedByTemplate = raisedByTemplate;
    }

    /** What the template's author says with {@code raise_exception}. */
    static JinjaException raised(String message) {
        return new JinjaException(message, true);
    }

    JinjaException inLine(int line) {
        if (raisedByTemplate) {
            return this;
        }
        JinjaException located = new JinjaException("line " + line + ": " + getMessage());
        located.setStackTrace(getStackTrace());
        return located;
    }

    /** Whether the template rejected its input, rather than failed. */
    public boolean isRaisedByTemplate() {
        return raisedByTemplate;
    }
}
