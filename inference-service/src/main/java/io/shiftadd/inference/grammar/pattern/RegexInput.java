package io.shiftadd.inference.grammar.pattern;

/** The characters of a regular expression, and where one stands in it. */
final class RegexInput {

    private final int[] characters;
    private int at;

    RegexInput(String source) {
        this.characters = source.codePoints().toArray();
    }

    boolean atEnd() {
        return at >= characters.length;
    }

    int position() {
        return at;
    }

    int peek() {
        return characters[at];
    }

    /** The character just read. */
    int before() {
        return characters[at - 1];
    }

    int next() {
        if (atEnd()) {
            throw wrong("it ends too early");
        }
        return characters[at++];
    }

    /** Reads an ASCII text if it stands here. */
    boolean take(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (at + i >= characters.length || characters[at + i] != text.charAt(i)) {
                return false;
            }
        }
        at += text.length();
        return true;
    }

    /** A number of so many hexadecimal digits. */
    int hex(int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = Character.digit(next(), 16);
            if (digit < 0) {
                throw wrong("a hexadecimal digit is missing");
            }
            value = 16 * value + digit;
        }
        return value;
    }

    PatternException wrong(String message) {
        return wrong(at, message);
    }

    PatternException wrong(int position, String message) {
        return new PatternException(
                "cannot be kept to as a regular expression: at character " + (position + 1) + ", " + message);
    }
}
