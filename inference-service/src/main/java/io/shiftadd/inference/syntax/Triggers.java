package io.shiftadd.inference.syntax;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Texts that begin a call of a tool, or end a thought, looked for byte by byte, all at once (after A. Aho and M.
 * Corasick). Where the search stands is the number of a node of the tree of all these texts.
 */
final class Triggers {

    static final int START = 0;

    private static final int NONE = -1;
    /** No text can follow any more. */
    private static final int DEAD = -1;

    /** Stands in a text for white space of any length. */
    private static final byte BLANKS = ' ';

    private final List<byte[]> texts;
    private final boolean onlyFirst;
    private final List<Map<Byte, Integer>> next = new ArrayList<>();
    /** By node: the longest other beginning that it ends with. */
    private final List<Integer> fallback = new ArrayList<>();
    /** By node: the number of the text that ends there, or {@link #NONE}. */
    private final List<Integer> ending = new ArrayList<>();

    private final List<Integer> depth = new ArrayList<>();

    /**
     * @param onlyFirst whether nothing but white space may stand before them; a blank within one is then any white
     *     space
     */
    Triggers(List<String> texts, boolean onlyFirst) {
        this.texts = texts.stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        this.onlyFirst = onlyFirst;
        node(0);
        for (int i = 0; i < texts.size(); i++) {
            add(this.texts.get(i), i);
        }
        if (!onlyFirst) {
            fallBack();
        }
    }

    private int node(int reached) {
        next.add(new HashMap<>());
        fallback.add(START);
        ending.add(NONE);
        depth.add(reached);
        return next.size() - 1;
    }

    private void add(byte[] text, int number) {
        int at = START;
        for (byte b : text) {
            int from = at;
            at = next.get(at).computeIfAbsent(b, _ -> node(depth.get(from) + 1));
        }
        ending.set(at, number);
    }

    private void fallBack() {
        Deque<Integer> toDo = new ArrayDeque<>(next.get(START).values());
        while (!toDo.isEmpty()) {
            int node = toDo.remove();
            next.get(node).forEach((b, child) -> {
                int shorter = step(fallback.get(node), b);
                fallback.set(child, shorter == child ? START : shorter);
                if (ending.get(child) == NONE) {
                    ending.set(child, ending.get(fallback.get(child)));
                }
                toDo.add(child);
            });
        }
    }

    int step(int state, byte byByte) {
        if (onlyFirst) {
            return first(state, byByte);
        }
        int at = state;
        while (at != START && !next.get(at).containsKey(byByte)) {
            at = fallback.get(at);
        }
        return next.get(at).getOrDefault(byByte, START);
    }

    private int first(int state, byte byByte) {
        if (state == DEAD) {
            return DEAD;
        }
        Integer afterBlanks = next.get(state).get(BLANKS);
        if (isBlank(byByte)) {
            return state == START || afterBlanks != null ? state : DEAD;
        }
        int goesOn = next.get(state).getOrDefault(byByte, DEAD);
        return goesOn != DEAD || afterBlanks == null
                ? goesOn
                : next.get(afterBlanks).getOrDefault(byByte, DEAD);
    }

    /** Number of the text that is complete here, or −1; it must not be stepped further. */
    int complete(int state) {
        return state == DEAD ? NONE : ending.get(state);
    }

    /** Where the first of them begins in a text. */
    Optional<Integer> in(CharSequence text) {
        String all = text.toString();
        if (onlyFirst) {
            return complete(stateAfter(all)) < 0
                    ? Optional.empty()
                    : Optional.of(all.length() - all.stripLeading().length());
        }
        return texts.stream()
                .map(one -> all.indexOf(new String(one, StandardCharsets.UTF_8)))
                .filter(at -> at >= 0)
                .min(Integer::compare);
    }

    /** How many characters at the end of a text may be the beginning of one of them; they are ASCII. */
    int open(CharSequence text) {
        String all = text.toString();
        int state = stateAfter(all);
        if (onlyFirst) {
            return state == DEAD ? 0 : all.length();
        }
        return depth.get(state);
    }

    /** Where the search stands after a text; where it was complete if it ever was. */
    private int stateAfter(String text) {
        int state = START;
        for (byte next : text.getBytes(StandardCharsets.UTF_8)) {
            if (complete(state) >= 0) {
                break;
            }
            state = step(state, next);
        }
        return state;
    }

    byte[] bytes(int text) {
        return Arrays.copyOf(texts.get(text), texts.get(text).length);
    }

    boolean onlyFirst() {
        return onlyFirst;
    }

    private static boolean isBlank(byte next) {
        return next == ' ' || next == '\n' || next == '\t' || next == '\r';
    }
}
