package io.shiftadd.inference.grammar;

/** A JSON schema that is malformed, cannot be met, or uses what is not supported. */
public final class SchemaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String where;

    SchemaException(String where, String message) {
        super(message);
        this.where = where;
    }

    /** JSON pointer within the schema; empty for the whole of it. */
    public String where() {
        return where;
    }
}
