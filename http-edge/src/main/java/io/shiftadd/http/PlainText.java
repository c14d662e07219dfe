package io.shiftadd.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which characters a text may have. Names and settings are plain: no NUL (which a database cannot keep), no other
 * control character, no half of a surrogate pair, no mark that turns the direction of writing, no code point that is no
 * character. What a model is to read may be anything that is Unicode.
 */
public final class PlainText {

    private static final int FIRST_BIDI = 0x202A;
    private static final int LAST_BIDI = 0x202E;
    private static final int FIRST_ISOLATE = 0x2066;
    private static final int LAST_ISOLATE = 0x2069;
    private static final int LEFT_TO_RIGHT_MARK = 0x200E;
    private static final int RIGHT_TO_LEFT_MARK = 0x200F;

    private PlainText() {}

    /** What is wrong with a name or a setting, e.g. {@code has the control character U+0000}; null when nothing is. */
    public static @Nullable String fault(String text) {
        return text.codePoints()
                .filter(c -> !isPlain(c))
                .mapToObj(PlainText::name)
                .map(found -> "has " + found)
                .findFirst()
                .orElse(null);
    }

    /** What is wrong with any text; null when nothing is. */
    static @Nullable String unicodeFault(String text) {
        return text.codePoints()
                .filter(PlainText::isHalf)
                .mapToObj(PlainText::name)
                .map(found -> "has " + found)
                .findFirst()
                .orElse(null);
    }

    static boolean isPlain(int c) {
        return !Character.isISOControl(c) && !isHalf(c) && !isBidi(c) && !isNoCharacter(c);
    }

    private static boolean isHalf(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    private static boolean isBidi(int c) {
        return c >= FIRST_BIDI && c <= LAST_BIDI
                || c >= FIRST_ISOLATE && c <= LAST_ISOLATE
                || c == LEFT_TO_RIGHT_MARK
                || c == RIGHT_TO_LEFT_MARK;
    }

    private static boolean isNoCharacter(int c) {
        return (c & 0xFFFE) == 0xFFFE || c >= 0xFDD0 && c <= 0xFDEF;
    }

    private static String name(int c) {
        String code = String.format(Locale.ROOT, "U+%04X", c);
        if (isHalf(c)) {
            return "half a surrogate pair (" + code + "); send whole characters";
        }
        return isBidi(c)
                ? "a mark of the direction of writing (" + code + ")"
                : isNoCharacter(c) ? code + ", which is no character" : "the control character " + code;
    }
}
