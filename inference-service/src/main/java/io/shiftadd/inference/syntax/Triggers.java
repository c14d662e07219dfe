package io.shiftadd.inference.syntax;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Texts that begin a call of a tool, or end a thought, looked for byte by byte. Where the search stands is a number:
 * for each text how many bytes of it have been met, in six bits.
 */
final class Triggers {

    static final long START = 0;

    private static final int BITS = 6;
    private static final int DEAD = (1 << BITS) - 1;
    private static final int NONE = -1;

    private final List<String> texts;
    private final byte[][] bytes;
    private final int[][] fallback;
    private final boolean onlyFirst;

    /** @param onlyFirst whether nothing but white space may stand before them */
    Triggers(List<String> texts, boolean onlyFirst) {
        this.texts = List.copyOf(texts);
        this.onlyFirst = onlyFirst;
        this.bytes = texts.stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        this.fallback = new int[bytes.length][];
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i].length >= DEAD || bytes.length * BITS > Long.SIZE) {
                throw new IllegalArgumentException("too much to look for: " + texts);
            }
            fallback[i] = fallback(bytes[i]);
        }
    }

    /** After Knuth, Morris and Pratt: the longest beginning that a beginning ends with. */
    private static int[] fallback(byte[] text) {
        int[] longest = new int[text.length];
        int at = 0;
        for (int i = 1; i < text.length; i++) {
            while (at > 0 && text[i] != text[at]) {
                at = longest[at - 1];
            }
            at += text[i] == text[at] ? 1 : 0;
            longest[i] = at;
        }
        return longest;
    }

    long step(long state, byte next) {
        long reached = 0;
        for (int i = 0; i < bytes.length; i++) {
            int met = (int) (state >>> (BITS * i)) & DEAD;
            reached |= (long) advance(i, met, next) << (BITS * i);
        }
        return reached;
    }

    private int advance(int text, int met, byte next) {
        byte[] all = bytes[text];
        if (onlyFirst) {
            boolean goesOn = met != DEAD && all[met] == next;
            // White space may stand before the text, and where JSON has it before the first key.
            boolean passes = met == 0 || met < DEAD && all[met - 1] == '{';
            return goesOn ? met + 1 : passes && isBlank(next) ? met : DEAD;
        }
        int at = met;
        while (at > 0 && all[at] != next) {
            at = fallback[text][at - 1];
        }
        return all[at] == next ? at + 1 : 0;
    }

    /** Number of the text that is complete here; it must not be stepped further. */
    int complete(long state) {
        for (int i = 0; i < bytes.length; i++) {
            if (((int) (state >>> (BITS * i)) & DEAD) == bytes[i].length) {
                return i;
            }
        }
        return NONE;
    }

    /** Where the first of them begins in a text. */
    Optional<Integer> in(CharSequence text) {
        String all = text.toString();
        if (onlyFirst) {
            return complete(stateAfter(all)) < 0
                    ? Optional.empty()
                    : Optional.of(all.length() - all.stripLeading().length());
        }
        return texts.stream().map(all::indexOf).filter(at -> at >= 0).min(Integer::compare);
    }

    /** How many characters at the end of a text may be the beginning of one of them. */
    int open(CharSequence text) {
        String all = text.toString();
        if (onlyFirst) {
            long state = stateAfter(all);
            boolean alive = false;
            for (int i = 0; i < bytes.length; i++) {
                alive |= ((int) (state >>> (BITS * i)) & DEAD) != DEAD;
            }
            return alive ? all.length() : 0;
        }
        int longest = 0;
        for (String trigger : texts) {
            int length = Math.min(trigger.length() - 1, all.length());
            while (length > longest && !trigger.startsWith(all.substring(all.length() - length))) {
                length--;
            }
            longest = Math.max(longest, length);
        }
        return longest;
    }

    /** Where the search stands after a text; where it was complete if it ever was. */
    private long stateAfter(String text) {
        long state = START;
        for (byte next : text.getBytes(StandardCharsets.UTF_8)) {
            if (complete(state) >= 0) {
                break;
            }
            state = step(state, next);
        }
        return state;
    }

    byte[] bytes(int text) {
        return bytes[text].clone();
    }

    boolean onlyFirst() {
        return onlyFirst;
    }

    private static boolean isBlank(byte next) {
        return next == ' ' || next == '\n' || next == '\t' || next == '\r';
    }
}
