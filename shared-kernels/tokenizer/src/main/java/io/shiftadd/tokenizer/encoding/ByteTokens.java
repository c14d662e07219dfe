package io.shiftadd.tokenizer.encoding;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The tokens {@code <0x00>} to {@code <0xFF>}, which spell characters that the vocabulary lacks. */
final class ByteTokens {

    private final int[] ids = new int[256];

    ByteTokens(Map<String, Integer> vocabulary) {
        for (int b = 0; b < ids.length; b++) {
            ids[b] = vocabulary.getOrDefault("<0x%02X>".formatted(b), -1);
        }
    }

    /** Whether all bytes of a text have tokens, whose ids are then appended. */
    boolean spell(String text, PieceModel.Ids out) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
            if (ids[b & 0xFF] < 0) {
                return false;
            }
        }
        for (byte b : bytes) {
            out.add(ids[b & 0xFF]);
        }
        return true;
    }
}
