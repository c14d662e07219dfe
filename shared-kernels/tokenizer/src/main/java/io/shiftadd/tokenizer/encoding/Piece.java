package io.shiftadd.tokenizer.encoding;

/**
 * A part of the text on its way to ids.
 *
 * @param atStart whether it begins where the whole text begins; some tokenizers treat only that part as a new word
 * @param token the id that the part already has, or -1
 */
record Piece(String text, boolean atStart, int token) {

    static Piece of(String text, boolean atStart) {
        return new Piece(text, atStart, -1);
    }

    boolean isToken() {
        return token >= 0;
    }

    Piece withText(String changed) {
        return new Piece(changed, atStart, token);
    }

    /** A part of it; only the part at its beginning can be that of the whole text. */
    Piece part(int begin, int end) {
        return new Piece(text.substring(begin, end), atStart && begin == 0, -1);
    }
}
