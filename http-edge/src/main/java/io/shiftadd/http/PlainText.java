package io.shiftadd.http;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which characters a text may have. Names and settings are plain: no NUL (which a database cannot keep), no other
 * control character, no half of a surrogate pair, no mark that turns the direction of writing, nothing that is not seen
 * or ends a line, no code point that is no character. What a model is to read may be anything that is Unicode.
 */
public final class PlainText {

    private static final int FIRST_BIDI = 0x202A;
    private static final int LAST_BIDI = 0x202E;
    private static final int FIRST_ISOLATE = 0x2066;
    private static final int LAST_ISOLATE = 0x2069;
    private static final int LEFT_TO_RIGHT_MARK = 0x200E;
    private static final int RIGHT_TO_LEFT_MARK = 0x200F;
    private static final int ARABIC_LETTER_MARK = 0x061C;

    /** Without a glyph as well, but words of several languages, and many an emoji, are spelled with them. */
    private static final Set<Integer> JOINERS = Set.of(0x200C, 0x200D);

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
        return !Character.isISOControl(c) && !isHalf(c) && !isBidi(c) && !isUnseen(c) && !isNoCharacter(c);
    }

    private static boolean isHalf(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    private static boolean isBidi(int c) {
        return c >= FIRST_BIDI && c <= LAST_BIDI
                || c >= FIRST_ISOLATE && c <= LAST_ISOLATE
                || c == LEFT_TO_RIGHT_MARK
                || c == RIGHT_TO_LEFT_MARK
                || c == ARABIC_LETTER_MARK;
    }

    /** Formats of text, which two names could differ by and look alike; and ends of lines that are no controls. */
    private static boolean isUnseen(int c) {
        return switch (Character.getType(c)) {
            case Character.FORMAT -> !JOINERS.contains(c);
            case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    private static boolean isNoCharacter(int c) {
        return (c & 0xFFFE) == 0xFFFE || c >= 0xFDD0 && c <= 0xFDEF;
    }

    private static String name(int c) {
        String code = String.format(Locale.ROOT, "U+%04X", c);
        if (isHalf(c)) {
            return "half a surrogate pair (" + code + "); send whole characters";
        }
        if (isBidi(c)) {
            return "a mark of the direction of writing (" + code + ")";
        }
        if (isUnseen(c)) {
            return "the character " + code + ", which is not seen";
        }
        return isNoCharacter(c) ? code + ", which is no character" : "the control character " + code;
    }
}
