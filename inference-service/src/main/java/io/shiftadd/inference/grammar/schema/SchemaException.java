package io.shiftadd.inference.grammar.schema;

/** A JSON schema that is malformed, cannot be met, or uses what is not supported. */
public sealed class SchemaException extends RuntimeException permits Contradiction {

    private static final long serialVersionUID = 1L;

    private final String where;

    public SchemaException(String where, String message) {
        super(message);
        this.where = where;
    }

    /** JSON pointer within the schema; empty for the whole of it. */
    public String where() {
        return where;
    }
}
