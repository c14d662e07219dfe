package io.shiftadd.http.problem;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A failure that the client is told about: its type, what happened and what to do. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final ProblemType type;
    private final transient List<FieldError> errors;

    public ProblemException(ProblemType type, String detail) {
        this(type, detail, List.of());
    }

    private ProblemException(ProblemType type, String detail, List<FieldError> errors) {
        super(detail);
        this.type = type;
        this.errors = List.copyOf(errors);
    }

    /** What the container cannot take apart: a name that is empty, a code that is none. */
    public static ProblemException unreadableParameters() {
        return invalid("the parameters", "cannot be taken apart", "they are name=value, with & between", null);
    }

    /** One or more fields are wrong; the detail repeats them in one line for people who read only that. */
    public static ProblemException invalid(List<FieldError> errors) {
        List<String> parts = errors.stream().map(ProblemException::sentence).toList();
        return new ProblemException(ProblemType.INVALID_FIELD, String.join("; ", parts), errors);
    }

    public static ProblemException invalid(
            String field, String message, @Nullable String limit, @Nullable String remedy) {
        return invalid(List.of(new FieldError(field, message, limit, remedy)));
    }

    /** A conflict or the like that one field caused. */
    public static ProblemException of(ProblemType type, FieldError error) {
        return new ProblemException(type, sentence(error), List.of(error));
    }

    private static String sentence(FieldError error) {
        StringBuilder text = new StringBuilder(error.field()).append(' ').append(error.message());
        if (error.limit() != null) {
            text.append("; allowed: ").append(error.limit());
        }
        if (error.remedy() != null) {
            text.append(" (").append(error.remedy()).append(')');
        }
        return text.toString();
    }

    public ProblemType type() {
        return type;
    }

    public List<FieldError> errors() {
        return errors;
    }
}
