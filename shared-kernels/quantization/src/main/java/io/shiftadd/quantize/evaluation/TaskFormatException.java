package io.shiftadd.quantize.evaluation;

import java.io.Serial;
import java.nio.file.Path;

/** A file of task data is not what it should be: what, where, the limit, the remedy. */
public final class TaskFormatException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final String remedy;

    /**
     * @param line in the file, from 1; 0 for the file as a whole
     * @param what is wrong
     * @param limit what would be right
     */
    public TaskFormatException(Path file, long line, String what, String limit) {
        this(
                file,
                line,
                what,
                limit,
                "Correct the file, or replace it by the task's original data, and retry the job.");
    }

    TaskFormatException(Path file, long line, String what, String limit, String remedy) {
        String reason = file + (line > 0 ? ", line " + line : "") + ": " + what + "; " + limit;
        super(reason + ". " + remedy);
        this.reason = reason;
        this.remedy = remedy;
    }

    /** What is wrong, where, and what would be right. */
    public String reason() {
        return reason;
    }

    public String remedy() {
        return remedy;
    }
}
