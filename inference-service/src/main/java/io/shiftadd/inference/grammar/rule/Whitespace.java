package io.shiftadd.inference.grammar.rule;

/**
 * White space between JSON tokens: nothing, one blank, or one line feed and an indent. Without a limit a small model
 * may never get out of it. Held as a number: 0 = none, 1 = one blank, from 2 on a line feed and so many more.
 */
final class Whitespace {

    static final int NONE = 0;

    private static final int BLANK = 1;
    private static final int LINE_FEED = 2;
    private static final int MAX_INDENT = 16;

    private Whitespace() {}

    static boolean is(int next) {
        return next == ' ' || next == '\n' || next == '\t' || next == '\r';
    }

    /** White space with one more character, or −1 when that is too much. */
    static int longer(int blanks, int next) {
        if (blanks == NONE) {
            return next == ' ' ? BLANK : next == '\n' ? LINE_FEED : -1;
        }
        boolean indent = next == ' ' || next == '\t';
        return indent && blanks >= LINE_FEED && blanks < LINE_FEED + MAX_INDENT ? blanks + 1 : -1;
    }
}
