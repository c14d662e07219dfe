package io.shiftadd.inference.grammar.pattern;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A deterministic automaton over characters, in which every state leads to an end. For each state it knows the fewest
 * characters that lead there, and how many bytes of a JSON string these take. Immutable.
 */
public final class Automaton {

    /** No state: the character is not allowed. */
    public static final int DEAD = -1;

    private static final int MAX_SEARCHED = 4_000;

    private final int[][] firsts;
    private final int[][] lasts;
    private final int[][] targets;
    private final boolean[] ends;
    private final int[] characters;
    private final int[] bytes;

    /**
     * @param firsts by state, the first character of each transition, sorted
     * @param characters by state, the fewest that lead to an end
     * @param bytes by state, of the text of those
     */
    Automaton(int[][] firsts, int[][] lasts, int[][] targets, boolean[] ends, int[] characters, int[] bytes) {
        this.firsts = firsts;
        this.lasts = lasts;
        this.targets = targets;
        this.ends = ends;
        this.characters = characters;
        this.bytes = bytes;
    }

    public boolean mayEnd(int state) {
        return ends[state];
    }

    public int characters(int state) {
        return characters[state];
    }

    public int bytes(int state) {
        return bytes[state];
    }

    /** Where every character leads, or {@link #DEAD} when that depends on the character. */
    public int onlyTarget(int state) {
        int[] to = targets[state];
        boolean whole = to.length == 2
                && to[0] == to[1]
                && firsts[state][0] == 0
                && lasts[state][0] == 0xD7FF
                && firsts[state][1] == 0xE000
                && lasts[state][1] == Character.MAX_CODE_POINT;
        return whole ? to[0] : DEAD;
    }

    /** Where a character leads, or {@link #DEAD}. */
    public int next(int state, int character) {
        int at = transition(state, character);
        return at < firsts[state].length && firsts[state][at] <= character ? targets[state][at] : DEAD;
    }

    /** The first transition whose last character is not before this one. */
    private int transition(int state, int character) {
        int[] last = lasts[state];
        int low = 0;
        int high = last.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (last[middle] < character) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * Of the characters from one to another, the one after which an end is nearest.
     *
     * @param most characters that may follow it
     * @return −1 when none of them is allowed
     */
    public int best(int state, int from, int to, int most) {
        int best = -1;
        int bestCharacters = most;
        int bestBytes = Integer.MAX_VALUE;
        for (int i = transition(state, from); i < firsts[state].length && firsts[state][i] <= to; i++) {
            int target = targets[state][i];
            int first = Math.max(from, firsts[state][i]);
            int candidate = cheapest(first, Math.min(to, lasts[state][i]));
            int cost = bytes[target] + JsonText.bytes(candidate);
            if (characters[target] < bestCharacters || characters[target] == bestCharacters && cost < bestBytes) {
                best = candidate;
                bestCharacters = characters[target];
                bestBytes = cost;
            }
        }
        return best;
    }

    /** The character that takes fewest bytes; letters before others. */
    static int cheapest(int from, int to) {
        for (int likely : new int[] {'a', '0', '1', 'A', ' '}) {
            if (from <= likely && likely <= to) {
                return likely;
            }
        }
        int first = Math.max(from, ' ');
        while (first < to && !JsonText.plain(first)) {
            first++;
        }
        return first <= to && JsonText.plain(first) ? first : Math.max(from, Math.min(to, '\n'));
    }

    /** Writes a text of the fewest characters that leads to an end. */
    public void complete(int from, ByteArrayOutputStream out) {
        int state = from;
        while (!ends[state]) {
            int character = best(state, 0, Character.MAX_CODE_POINT, Integer.MAX_VALUE);
            JsonText.write(character, out);
            state = next(state, character);
        }
    }

    /** Whether it is one of the texts. */
    public boolean accepts(String text) {
        int state = 0;
        for (int i = 0; i < text.length() && state != DEAD; i += Character.charCount(text.codePointAt(i))) {
            state = next(state, text.codePointAt(i));
        }
        return state != DEAD && ends[state];
    }

    private record Found(int state, String text, int length) {}

    /** A short text that leads from a state to an end and is none of those taken; null when none was found. */
    public @Nullable String completionExcept(int from, Set<String> taken) {
        PriorityQueue<Found> open = new PriorityQueue<>(
                (a, b) -> a.length == b.length ? a.text.compareTo(b.text) : Integer.compare(a.length, b.length));
        open.add(new Found(from, "", characters[from]));
        for (int searched = 0; searched < MAX_SEARCHED && !open.isEmpty(); searched++) {
            Found found = open.remove();
            if (ends[found.state] && !taken.contains(found.text)) {
                return found.text;
            }
            if (found.text.isEmpty() || beginsOne(found.text, taken)) {
                expand(found, taken.size() + 1, open);
            } else {
                ByteArrayOutputStream rest = new ByteArrayOutputStream();
                complete(found.state, rest);
                return found.text + rest.toString(StandardCharsets.UTF_8);
            }
        }
        return null;
    }

    private static boolean beginsOne(String text, Set<String> taken) {
        return taken.stream().anyMatch(other -> other.startsWith(text));
    }

    private void expand(Found found, int most, PriorityQueue<Found> open) {
        for (int i = 0; i < firsts[found.state].length; i++) {
            int target = targets[found.state][i];
            Set<Integer> tried = new HashSet<>();
            int character = cheapest(firsts[found.state][i], lasts[found.state][i]);
            while (tried.size() < Math.min(most, 300) && tried.add(character)) {
                String longer = found.text + Character.toString(character);
                open.add(new Found(target, longer, longer.length() + characters[target]));
                character = character < lasts[found.state][i] ? character + 1 : firsts[found.state][i];
            }
        }
    }
}
