package io.shiftadd.inference.generation;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the earliest stop string in text that arrives in pieces, and holds back whatever could still become one, so
 * that no part of a stop string is ever emitted. Special tokens, which are no part of the answer, are looked through as
 * they are written, and never emitted.
 */
final class StopStrings {

    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private final BitSet hidden = new BitSet();
    private @Nullable String found;

    StopStrings(List<String> stops) {
        this.stops = List.copyOf(stops);
    }

    /** Takes more text and returns what is now safe to emit. */
    String push(String text) {
        if (found != null) {
            return "";
        }
        if (stops.isEmpty()) {
            return text;
        }
        held.append(text);
        return advance();
    }

    /** Takes a special token as it is written, and returns what is now safe to emit of the text before it. */
    String pushHidden(String token) {
        if (found != null || stops.isEmpty()) {
            return "";
        }
        hidden.set(held.length(), held.length() + token.length());
        held.append(token);
        return advance();
    }

    private String advance() {
        int stop = firstStop();
        if (stop >= 0) {
            return release(stop);
        }
        return release(held.length() - longestPossibleStart());
    }

    /** No more text comes: what was held back is no stop string. */
    String finish() {
        return found != null ? "" : release(held.length());
    }

    boolean stopped() {
        return found != null;
    }

    /** The text that was found first; null when there is none yet. */
    @Nullable
    String found() {
        return found;
    }

    private String release(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            if (!hidden.get(i)) {
                text.append(held.charAt(i));
            }
        }
        BitSet left = hidden.get(length, Math.max(length, hidden.length()));
        hidden.clear();
        hidden.or(left);
        held.delete(0, length);
        return text.toString();
    }

    private int firstStop() {
        int first = -1;
        for (String stop : stops) {
            int at = held.indexOf(stop);
            if (at >= 0 && (first < 0 || at < first)) {
                first = at;
                found = stop;
            }
        }
        return first;
    }

    /** Length of the longest end of the held text that some stop string begins with. */
    private int longestPossibleStart() {
        int longest = 0;
        for (String stop : stops) {
            int length = Math.min(stop.length() - 1, held.length());
            while (length > longest && !endsWithStartOf(stop, length)) {
                length--;
            }
            longest = Math.max(longest, length);
        }
        return longest;
    }

    private boolean endsWithStartOf(String stop, int length) {
        int from = held.length() - length;
        for (int i = 0; i < length; i++) {
            if (held.charAt(from + i) != stop.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
