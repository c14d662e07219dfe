package io.shiftadd.inference.grammar.pattern;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** How a character stands in a JSON string: as it is, or escaped where it must be. */
public final class JsonText {

    private static final String SHORT = "\"\\\b\f\n\r\t";
    private static final String SHORT_NAMES = "\"\\bfnrt";

    private JsonText() {}

    /** Whether it can stand for itself. */
    static boolean plain(int character) {
        return character >= ' ' && character != '"' && character != '\\' && character != 0x7F;
    }

    public static String of(int character) {
        if (plain(character)) {
            return Character.toString(character);
        }
        int at = SHORT.indexOf(character);
        return at < 0 ? "\\u%04x".formatted(character) : "\\" + SHORT_NAMES.charAt(at);
    }

    /** Bytes that it takes. */
    static int bytes(int character) {
        if (!plain(character)) {
            return SHORT.indexOf(character) < 0 ? 6 : 2;
        }
        return character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    }

    public static void write(int character, ByteArrayOutputStream out) {
        out.writeBytes(of(character).getBytes(StandardCharsets.UTF_8));
    }
}
