package io.shiftadd.cli;

/** A command cannot go on. The message says what happened and where, the remedy what the user can do about it. */
public class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    public CommandFailure(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    public CommandFailure(String message, String remedy, Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    /** What helps, as a whole sentence or a command. */
    public String remedy() {
        return remedy;
    }
}
