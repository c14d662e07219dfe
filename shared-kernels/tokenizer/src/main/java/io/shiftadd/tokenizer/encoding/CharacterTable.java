package io.shiftadd.tokenizer.encoding;

import io.shiftadd.format.FormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The table of a SentencePiece normalizer, {@code precompiled_charsmap}: a double-array trie (of the library Darts) of
 * what is replaced, and the replacements that it points to.
 *
 * <p>Layout: bytes of the trie (4, little-endian), its units (4 each), replacements, each ended by 0. A unit is an
 * offset with a label, a flag for a leaf below it, or that leaf: a position among the replacements.
 */
final class CharacterTable {

    private static final int LEAF = 1 << 31;
    private static final int LABEL = LEAF | 0xFF;
    private static final int HAS_LEAF = 1 << 8;

    /** Longer grapheme clusters are never looked up whole, only their characters. */
    private static final int MAX_CLUSTER_BYTES = 5;

    private static final Pattern CLUSTER = Pattern.compile("\\X");

    private final String where;
    private final ByteBuffer table;
    private final int units;
    private final int replacements;

    private CharacterTable(byte[] bytes, String where) {
        this.where = where;
        this.table = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < Integer.BYTES) {
            throw broken("has " + bytes.length + " bytes");
        }
        int trieBytes = table.getInt(0);
        if (trieBytes < 4 || trieBytes % 4 != 0 || trieBytes > bytes.length - Integer.BYTES) {
            throw broken("says that its trie has " + trieBytes + " bytes");
        }
        units = trieBytes / 4;
        replacements = Integer.BYTES + trieBytes;
        check();
    }

    static CharacterTable of(Component part) {
        String base64 = part.json().path("precompiled_charsmap").asString("");
        try {
            return new CharacterTable(Base64.getDecoder().decode(base64), part.where());
        } catch (IllegalArgumentException e) {
            throw part.wrong("precompiled_charsmap", "Base64");
        }
    }

    /** That no look-up can lead out of the table. */
    private void check() {
        int length = table.limit() - replacements;
        if (length == 0 || table.get(table.limit() - 1) != 0) {
            throw broken("does not end with 0");
        }
        for (int i = 0; i < units; i++) {
            int unit = unit(i);
            if ((unit & LEAF) != 0) {
                int at = unit & ~LEAF;
                if (at >= length || (table.get(replacements + at) & 0xC0) == 0x80) {
                    throw broken("points to replacement " + at + " of " + length + " bytes");
                }
            } else if (((i ^ offset(unit)) | 0xFF) >= units) {
                throw broken("leads from unit " + i + " out of its " + units);
            }
        }
    }

    private int unit(int index) {
        return table.getInt(Integer.BYTES + 4 * index);
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
    }

    String normalize(String text, Effort effort) {
        StringBuilder normalized = new StringBuilder(text.length());
        Matcher clusters = CLUSTER.matcher(text);
        int end = 0;
        while (clusters.find()) {
            appendCharacters(text, end, clusters.start(), normalized);
            String cluster = clusters.group();
            byte[] bytes = cluster.getBytes(StandardCharsets.UTF_8);
            String whole = bytes.length <= MAX_CLUSTER_BYTES ? replacement(bytes) : null;
            if (whole != null) {
                normalized.append(whole);
            } else {
                appendCharacters(text, clusters.start(), clusters.end(), normalized);
            }
            end = clusters.end();
            effort.requireSize(normalized.length(), where);
        }
        appendCharacters(text, end, text.length(), normalized);
        return normalized.toString();
    }

    private void appendCharacters(String text, int begin, int end, StringBuilder normalized) {
        for (int i = begin; i < end; ) {
            int next = i + Character.charCount(text.codePointAt(i));
            String character = text.substring(i, next);
            String replacement = replacement(character.getBytes(StandardCharsets.UTF_8));
            normalized.append(replacement == null ? character : replacement);
            i = next;
        }
    }

    /**
     * What the shortest entry that {@code key} begins with stands for; the reference, too, lets it stand for all of it.
     */
    private @Nullable String replacement(byte[] key) {
        int at = offset(unit(0));
        for (byte b : key) {
            int label = b & 0xFF;
            if (label == 0) {
                return null;
            }
            at ^= label;
            int unit = unit(at);
            if ((unit & LABEL) != label) {
                return null;
            }
            at ^= offset(unit);
            if ((unit & HAS_LEAF) != 0) {
                return text(unit(at) & ~LEAF);
            }
        }
        return null;
    }

    private @Nullable String text(int position) {
        int begin = replacements + position;
        if (begin < replacements || begin >= table.limit()) {
            return null;
        }
        int end = begin;
        while (table.get(end) != 0) {
            end++;
        }
        return new String(table.array(), begin, end - begin, StandardCharsets.UTF_8);
    }

    private FormatException broken(String what) {
        return new FormatException(
                "has a precompiled_charsmap that " + what,
                where,
                "it must be a whole double-array trie with its replacements",
                Component.REMEDY);
    }
}
