package io.shiftadd.tokenizer.encoding;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The printable alphabet of byte-level BPE (GPT-2): bytes that are printable in Latin-1 stand for themselves, the other
 * 68 for U+0100 and on, in order.
 */
public final class ByteAlphabet {

    private static final char FIRST_SUBSTITUTE = 0x100;
    private static final char[] CHARACTERS = new char[256];
    private static final short[] BYTES = new short[FIRST_SUBSTITUTE + 68];

    static {
        Arrays.fill(BYTES, (short) -1);
        char next = FIRST_SUBSTITUTE;
        for (int b = 0; b < 256; b++) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            CHARACTERS[b] = printable ? (char) b : next++;
            BYTES[CHARACTERS[b]] = (short) b;
        }
    }

    private ByteAlphabet() {}

    /** The bytes of a text, a character each. */
    public static String spell(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        char[] spelled = new char[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            spelled[i] = CHARACTERS[bytes[i] & 0xFF];
        }
        return new String(spelled);
    }

    /** The bytes that a token spells; a token with any other character, as added ones may be, is its own UTF-8. */
    public static byte[] bytes(String token) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(token.length());
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            if (c >= BYTES.length || BYTES[c] < 0) {
                return token.getBytes(StandardCharsets.UTF_8);
            }
            bytes.write(BYTES[c]);
        }
        return bytes.toByteArray();
    }
}
