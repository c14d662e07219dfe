package io.shiftadd.inference.syntax;

/** Finds where a JSON value ends, character by character. */
final class JsonSpan {

    private int depth;
    private boolean text;
    private boolean escaped;
    private boolean begun;

    /** What a character is to the value. */
    enum Place {
        INSIDE,
        LAST,
        /** The value, a number or a word, has ended before. */
        AFTER
    }

    Place next(char c) {
        if (text) {
            if (escaped) {
                escaped = false;
            } else if (c == '\\') {
                escaped = true;
            } else if (c == '"') {
                text = false;
                return depth == 0 ? Place.LAST : Place.INSIDE;
            }
            return Place.INSIDE;
        }
        if (depth == 0 && begun && (c == ',' || c == '}' || c == ']' || Character.isWhitespace(c))) {
            return Place.AFTER;
        }
        begun = true;
        switch (c) {
            case '"' -> text = true;
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            default -> {}
        }
        return depth == 0 && (c == '}' || c == ']') ? Place.LAST : Place.INSIDE;
    }
}
