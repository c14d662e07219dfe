package io.shiftadd.tokenizer.encoding;

/** Classes of characters as Unicode defines them, which are wider than those of {@link Character}. */
final class UnicodeClass {

    private static final int NEXT_LINE = 0x85;
    private static final int PUNCTUATION = 1 << Character.CONNECTOR_PUNCTUATION
            | 1 << Character.DASH_PUNCTUATION
            | 1 << Character.START_PUNCTUATION
            | 1 << Character.END_PUNCTUATION
            | 1 << Character.INITIAL_QUOTE_PUNCTUATION
            | 1 << Character.FINAL_QUOTE_PUNCTUATION
            | 1 << Character.OTHER_PUNCTUATION;
    private static final int NUMBERS =
            1 << Character.DECIMAL_DIGIT_NUMBER | 1 << Character.LETTER_NUMBER | 1 << Character.OTHER_NUMBER;
    private static final int WORDS = 1 << Character.NON_SPACING_MARK
            | 1 << Character.ENCLOSING_MARK
            | 1 << Character.COMBINING_SPACING_MARK
            | 1 << Character.DECIMAL_DIGIT_NUMBER
            | 1 << Character.CONNECTOR_PUNCTUATION;

    private UnicodeClass() {}

    /** The property White_Space. */
    static boolean isSpace(int c) {
        return c >= '\t' && c <= '\r' || c == NEXT_LINE || Character.isSpaceChar(c);
    }

    /** Symbols of ASCII count as punctuation. */
    static boolean isPunctuation(int c) {
        boolean isAsciiSymbol = c > ' ' && c < 0x7F && !Character.isLetterOrDigit(c);
        return isAsciiSymbol || (PUNCTUATION >> Character.getType(c) & 1) != 0;
    }

    static boolean isNumber(int c) {
        return (NUMBERS >> Character.getType(c) & 1) != 0;
    }

    /** What {@code \w} means. */
    static boolean isWord(int c) {
        return Character.isAlphabetic(c) || (WORDS >> Character.getType(c) & 1) != 0;
    }

    /** The end of the white space that begins at {@code begin}. */
    static int spacesFrom(String text, int begin) {
        int end = begin;
        while (end < text.length() && isSpace(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** The beginning of the white space that ends at {@code end}, not before {@code least}. */
    static int spacesUntil(String text, int end, int least) {
        int begin = end;
        while (begin > least && isSpace(text.charAt(begin - 1))) {
            begin--;
        }
        return begin;
    }
}
