package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Checks the table of a SentencePiece normalizer (a double-array trie and the replacements that it points to), because
 * the native library follows its offsets unchecked, and ends the process when one leads out.
 */
final class NormalizerCheck {

    private static final int LEAF = 1 << 31;

    private final String where;

    private NormalizerCheck(String where) {
        this.where = where;
    }

    static void check(@Nullable JsonNode normalizer, String where) {
        if (normalizer != null) {
            new NormalizerCheck(where + ", normalizer").visit(normalizer);
        }
    }

    private void visit(JsonNode node) {
        JsonNode table = node.path("precompiled_charsmap");
        if (table.isString()) {
            try {
                checkTable(Base64.getDecoder().decode(table.stringValue()));
            } catch (IllegalArgumentException e) {
                throw broken("is not Base64");
            }
        }
        node.path("normalizers").forEach(this::visit);
    }

    /** Layout: bytes of the trie (4, little-endian), its units (4 each), replacements, each ended by 0. */
    private void checkTable(byte[] bytes) {
        ByteBuffer table = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < Integer.BYTES) {
            throw broken("has " + bytes.length + " bytes");
        }
        int trieBytes = table.getInt();
        if (trieBytes < 4 || trieBytes % 4 != 0 || trieBytes > table.remaining()) {
            throw broken("says that its trie has " + trieBytes + " bytes");
        }
        int units = trieBytes / 4;
        int replacements = 4 + trieBytes;
        int length = bytes.length - replacements;
        if (length == 0 || bytes[bytes.length - 1] != 0) {
            throw broken("does not end with 0");
        }
        for (int i = 0; i < units; i++) {
            int unit = table.getInt(4 + 4 * i);
            if ((unit & LEAF) != 0) {
                int at = unit & ~LEAF;
                if (at >= length || (bytes[replacements + at] & 0xC0) == 0x80) {
                    throw broken("points to replacement " + at + " of " + length + " bytes");
                }
            } else if (((i ^ offset(unit)) | 0xFF) >= units) {
                throw broken("leads from unit " + i + " out of its " + units);
            }
        }
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
    }

    private FormatException broken(String what) {
        return new FormatException(
                "has a precompiled_charsmap that " + what,
                where,
                "it must be a whole double-array trie with its replacements",
                "Use the tokenizer files of the original model.");
    }
}
