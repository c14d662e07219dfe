package io.shiftadd.tokenizer.encoding;

/** Strings with a number each, walked character by character. The root is node 0. */
final class TextTrie {

    static final int ABSENT = LongIntMap.ABSENT;

    private final LongIntMap edges;
    private final LongIntMap numbers;
    private int nodes = 1;

    TextTrie(int expectedNodes) {
        edges = new LongIntMap(expectedNodes);
        numbers = new LongIntMap(expectedNodes / 2);
    }

    void put(String text, int number) {
        int node = 0;
        for (int i = 0; i < text.length(); i++) {
            int next = next(node, text.charAt(i));
            if (next == ABSENT) {
                next = nodes++;
                edges.put(edge(node, text.charAt(i)), next);
            }
            node = next;
        }
        numbers.put(node, number);
    }

    /** The node that a character leads to, or {@link #ABSENT}. */
    int next(int node, char character) {
        return edges.get(edge(node, character));
    }

    /** The number of the string that ends at a node, or {@link #ABSENT}. */
    int number(int node) {
        return numbers.get(node);
    }

    private static long edge(int node, char character) {
        return (long) node << Character.SIZE | character;
    }
}
