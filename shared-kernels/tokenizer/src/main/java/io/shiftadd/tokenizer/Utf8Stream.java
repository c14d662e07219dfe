package io.shiftadd.tokenizer;

/**
 * Decodes UTF-8 that arrives in parts, holding back a character until its last byte. Each longest beginning of a
 * character that is not completed becomes one U+FFFD (Unicode 16, section 3.9; the JDK's decoder takes more bytes for
 * one in the case of surrogates). The states are those of the decoder in the WHATWG Encoding standard.
 */
final class Utf8Stream {

    private static final int REPLACEMENT = 0xFFFD;

    private int codePoint;
    private int needed;
    private int lowest = 0x80;
    private int highest = 0xBF;

    String push(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        for (byte b : bytes) {
            accept(Byte.toUnsignedInt(b), text);
        }
        return text.toString();
    }

    boolean isUnfinished() {
        return needed > 0;
    }

    /** Whether a byte goes on with the unfinished character; also true when there is none. */
    boolean continuesWith(byte next) {
        int b = Byte.toUnsignedInt(next);
        return !isUnfinished() || b >= lowest && b <= highest;
    }

    Utf8Stream copy() {
        Utf8Stream copy = new Utf8Stream();
        copy.codePoint = codePoint;
        copy.needed = needed;
        copy.lowest = lowest;
        copy.highest = highest;
        return copy;
    }

    /** U+FFFD for a character that was not completed. */
    String finish() {
        boolean unfinished = isUnfinished();
        needed = 0;
        return unfinished ? Character.toString(REPLACEMENT) : "";
    }

    private void accept(int b, StringBuilder text) {
        if (needed > 0 && (b < lowest || b > highest)) {
            needed = 0;
            text.appendCodePoint(REPLACEMENT);
        }
        if (needed == 0) {
            begin(b, text);
            return;
        }
        lowest = 0x80;
        highest = 0xBF;
        codePoint = codePoint << 6 | b & 0x3F;
        if (--needed == 0) {
            text.appendCodePoint(codePoint);
        }
    }

    private void begin(int b, StringBuilder text) {
        lowest = 0x80;
        highest = 0xBF;
        if (b < 0x80) {
            text.append((char) b);
        } else if (b >= 0xC2 && b <= 0xDF) {
            needed = 1;
            codePoint = b & 0x1F;
        } else if (b >= 0xE0 && b <= 0xEF) {
            needed = 2;
            codePoint = b & 0x0F;
            lowest = b == 0xE0 ? 0xA0 : 0x80;
            highest = b == 0xED ? 0x9F : 0xBF;
        } else if (b >= 0xF0 && b <= 0xF4) {
            needed = 3;
            codePoint = b & 0x07;
            lowest = b == 0xF0 ? 0x90 : 0x80;
            highest = b == 0xF4 ? 0x8F : 0xBF;
        } else {
            text.appendCodePoint(REPLACEMENT);
        }
    }
}
