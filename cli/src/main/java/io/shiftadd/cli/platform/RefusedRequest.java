package io.shiftadd.cli.platform;

import io.shiftadd.cli.CommandFailure;

/** A service has answered, but not with what was asked for. */
public final class RefusedRequest extends CommandFailure {

    private static final long serialVersionUID = 1L;

    private static final int NOT_FOUND = 404;

    private final int status;
    private final String code;

    /** @param code the error's word for programs: the last part of a problem's type, or OpenAI's code; may be empty */
    RefusedRequest(int status, String code, String message, String remedy) {
        super(message, remedy);
        this.status = status;
        this.code = code;
    }

    public boolean isNotFound() {
        return status == NOT_FOUND;
    }

    public boolean is(String word) {
        return code.equals(word);
    }
}
