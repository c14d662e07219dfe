package io.shiftadd.motion.description;

import java.util.List;
import java.util.stream.Collectors;

/** JSON that is no description: what is wrong, where, what is allowed, what to do. */
public final class InvalidDescriptionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    InvalidDescriptionException(List<Fault> faults) {
        super(faults.stream().map(Fault::words).collect(Collectors.joining("; ")));
        this.faults = List.copyOf(faults);
    }

    /**
     * One mistake.
     *
     * @param field path of the field, e.g. {@code feet.front_right.lift}
     */
    public record Fault(String field, String message, String limit, String remedy) {

        String words() {
            return field + " " + message + "; allowed: " + limit;
        }
    }

    public List<Fault> faults() {
        return faults;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
