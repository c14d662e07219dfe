package io.shiftadd.tokenizer.jinja;

/**
 * @param value of a literal: String, Long or Double; of other tokens their text
 */
record Token(Kind kind, Object value, int line) {

    enum Kind {
        /** Text between tags. */
        DATA,
        OUTPUT_BEGIN,
        OUTPUT_END,
        BLOCK_BEGIN,
        BLOCK_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean is(Kind other, String text) {
        return kind == other && value.equals(text);
    }

    boolean isOperator(String text) {
        return is(Kind.OPERATOR, text);
    }

    boolean isName(String text) {
        return is(Kind.NAME, text);
    }

    String text() {
        return String.valueOf(value);
    }

    /** For messages. */
    String describe() {
        return switch (kind) {
            case END -> "the end of the template";
            case BLOCK_END -> "the end of the statement";
            case OUTPUT_END -> "the end of the expression";
            case DATA -> "text";
            default -> "'" + value + "'";
        };
    }
}
