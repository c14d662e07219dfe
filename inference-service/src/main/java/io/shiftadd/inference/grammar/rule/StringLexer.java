package io.shiftadd.inference.grammar.rule;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Where a byte stands inside a JSON string: between characters, in an escape, or in a UTF-8 sequence (RFC 3629,
 * section 4: no overlong forms, no surrogates, nothing above U+10FFFF). Escapes of surrogates are not allowed: half a
 * pair is no text.
 */
enum StringLexer {
    PLAIN(0, ' ', '~'),
    ESCAPE(1, 'n', 'n'),
    HEX_1(4, '0', 'f'),
    HEX_2(3, '0', 'f'),
    /** After a leading D: 8 to F would be a surrogate. */
    HEX_2_OF_D(3, '0', '7'),
    HEX_3(2, '0', 'f'),
    HEX_4(1, '0', 'f'),
    LAST(1, 0x80, 0xBF),
    MIDDLE(2, 0x80, 0xBF),
    MIDDLE_OF_E0(2, 0xA0, 0xBF),
    MIDDLE_OF_ED(2, 0x80, 0x9F),
    SECOND(3, 0x80, 0xBF),
    SECOND_OF_F0(3, 0x90, 0xBF),
    SECOND_OF_F4(3, 0x80, 0x8F);

    private final int shortest;
    private final int from;
    private final int to;

    StringLexer(int shortest, int from, int to) {
        this.shortest = shortest;
        this.from = from;
        this.to = to;
    }

    /** Bytes that complete the character that has begun. */
    int shortest() {
        return shortest;
    }

    /** Where the byte leads, or null when it cannot stand here. The closing quote is the caller's. */
    @Nullable
    StringLexer next(int next) {
        return switch (this) {
            case PLAIN -> begin(next);
            case ESCAPE -> next == 'u' ? HEX_1 : "\"\\/bfnrt".indexOf(next) >= 0 ? PLAIN : null;
            case HEX_1 -> isHex(next) ? (next == 'd' || next == 'D' ? HEX_2_OF_D : HEX_2) : null;
            case HEX_2 -> isHex(next) ? HEX_3 : null;
            case HEX_3 -> isHex(next) ? HEX_4 : null;
            case HEX_4 -> isHex(next) ? PLAIN : null;
            case HEX_2_OF_D -> isAllowed(next) ? HEX_3 : null;
            case LAST -> isAllowed(next) ? PLAIN : null;
            case MIDDLE, MIDDLE_OF_E0, MIDDLE_OF_ED -> isAllowed(next) ? LAST : null;
            case SECOND, SECOND_OF_F0, SECOND_OF_F4 -> isAllowed(next) ? MIDDLE : null;
        };
    }

    void complete(ByteArrayOutputStream out) {
        StringLexer at = this;
        while (at != PLAIN) {
            out.write(at.from);
            at = at.successor();
        }
    }

    private StringLexer successor() {
        return switch (this) {
            case HEX_1 -> HEX_2;
            case HEX_2, HEX_2_OF_D -> HEX_3;
            case HEX_3 -> HEX_4;
            case MIDDLE, MIDDLE_OF_E0, MIDDLE_OF_ED -> LAST;
            case SECOND, SECOND_OF_F0, SECOND_OF_F4 -> MIDDLE;
            case PLAIN, ESCAPE, HEX_4, LAST -> PLAIN;
        };
    }

    private boolean isAllowed(int next) {
        return next >= from && next <= to;
    }

    private static @Nullable StringLexer begin(int next) {
        if (next < 0x80) {
            return next == '\\' ? ESCAPE : next >= ' ' && next != '"' && next != 0x7F ? PLAIN : null;
        }
        return switch (next) {
            case 0xE0 -> MIDDLE_OF_E0;
            case 0xED -> MIDDLE_OF_ED;
            case 0xF0 -> SECOND_OF_F0;
            case 0xF4 -> SECOND_OF_F4;
            default -> next < 0xC2 || next > 0xF4 ? null : next < 0xE0 ? LAST : next < 0xF0 ? MIDDLE : SECOND;
        };
    }

    private static boolean isHex(int next) {
        return next >= '0' && next <= '9' || next >= 'a' && next <= 'f' || next >= 'A' && next <= 'F';
    }

    /**
     * The character so far with one more byte: what is known of its number, or the whole of it once {@link #PLAIN} is
     * reached.
     *
     * @param soFar 0 in {@link #PLAIN}
     */
    int value(int soFar, int next) {
        return switch (this) {
            case PLAIN ->
                next < 0x80 ? (next == '\\' ? 0 : next) : next < 0xE0 ? next & 0x1F : next & (next < 0xF0 ? 0xF : 7);
            case ESCAPE -> next == 'u' ? 0 : unescaped(next);
            case HEX_1, HEX_2, HEX_2_OF_D, HEX_3, HEX_4 -> soFar << 4 | Character.digit(next, 16);
            case LAST, MIDDLE, MIDDLE_OF_E0, MIDDLE_OF_ED, SECOND, SECOND_OF_F0, SECOND_OF_F4 ->
                soFar << 6 | next & 0x3F;
        };
    }

    private static int unescaped(int name) {
        return switch (name) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> name;
        };
    }

    /** Whether an escape has begun. */
    boolean escaping() {
        return switch (this) {
            case ESCAPE, HEX_1, HEX_2, HEX_2_OF_D, HEX_3, HEX_4 -> true;
            default -> false;
        };
    }

    /** The least and the greatest character that may be meant. */
    int least(int soFar) {
        int least = soFar << bits();
        return switch (this) {
            case MIDDLE_OF_E0 -> Math.max(least, 0x800);
            case SECOND_OF_F0 -> Math.max(least, 0x10000);
            default -> least;
        };
    }

    int greatest(int soFar) {
        return Math.min(Character.MAX_CODE_POINT, (soFar << bits()) + (1 << bits()) - 1);
    }

    /** Of the character's number, those that are not known yet. */
    private int bits() {
        return switch (this) {
            case PLAIN -> 0;
            case ESCAPE, HEX_1 -> 16;
            case HEX_2, HEX_2_OF_D -> 12;
            case HEX_3 -> 8;
            case HEX_4 -> 4;
            case LAST -> 6;
            case MIDDLE, MIDDLE_OF_E0, MIDDLE_OF_ED -> 12;
            case SECOND, SECOND_OF_F0, SECOND_OF_F4 -> 18;
        };
    }
}
