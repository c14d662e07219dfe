package io.shiftadd.inference.grammar.rule;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Texts by their next byte: a tree. Each text has a number, its place in the list. Immutable once made. */
final class Words {

    static final int NONE = -1;

    private final Map<Integer, Words> next = new TreeMap<>();
    /** Numbers of the texts that begin so, ascending. */
    private int[] under = new int[0];

    private final int depth;
    private int underCount;
    private int word = NONE;
    private int shortest = Rule.ENDLESS;

    private Words(int depth) {
        this.depth = depth;
    }

    /** @param texts without two that are equal */
    static Words of(List<String> texts) {
        Words root = new Words(0);
        for (int i = 0; i < texts.size(); i++) {
            root.add(texts.get(i).getBytes(StandardCharsets.UTF_8), i);
        }
        return root;
    }

    private void add(byte[] text, int number) {
        Words at = this;
        for (int i = 0; i <= text.length; i++) {
            at.shortest = Math.min(at.shortest, text.length - i);
            at.addUnder(number);
            if (i < text.length) {
                int reached = i + 1;
                at = at.next.computeIfAbsent(text[i] & 0xFF, b -> new Words(reached));
            }
        }
        at.word = number;
    }

    private void addUnder(int number) {
        if (underCount == under.length) {
            under = Arrays.copyOf(under, Math.max(1, 2 * underCount));
        }
        under[underCount++] = number;
    }

    @Nullable
    Words next(int nextByte) {
        return next.get(nextByte);
    }

    /** Number of the text that ends here, or {@link #NONE}. */
    int word() {
        return word;
    }

    boolean isLeaf() {
        return next.isEmpty();
    }

    /** Bytes to the nearest end. */
    int shortest() {
        return shortest;
    }

    /** Numbers, from one on, of the texts that begin so, ascending. */
    IntStream from(int number) {
        int at = Arrays.binarySearch(under, 0, underCount, number);
        int[] numbers = under;
        return IntStream.range(at < 0 ? -at - 1 : at, underCount).map(i -> numbers[i]);
    }

    /** What is left of a text that begins so. */
    byte[] rest(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOfRange(bytes, depth, bytes.length);
    }

    /** Writes the bytes to the nearest end. */
    void complete(ByteArrayOutputStream out) {
        Words at = this;
        while (at.word == NONE) {
            for (Map.Entry<Integer, Words> option : at.next.entrySet()) {
                if (option.getValue().shortest == at.shortest - 1) {
                    out.write(option.getKey());
                    at = option.getValue();
                    break;
                }
            }
        }
    }
}
