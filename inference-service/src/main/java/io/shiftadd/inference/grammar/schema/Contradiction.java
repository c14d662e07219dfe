package io.shiftadd.inference.grammar.schema;

/** Keywords that no value meets together. */
final class Contradiction extends SchemaException {

    private static final long serialVersionUID = 1L;

    Contradiction(String where, String message) {
        super(where, message);
    }
}
