package io.shiftadd.tokenizer.encoding;

import java.util.Arrays;

/** Strings with a number each, walked character by character. The root is node 0. */
final class TextTrie {

    static final int ABSENT = LongIntMap.ABSENT;

    private final LongIntMap edges;
    private final LongIntMap numbers;
    private int[] parents;
    private int[] depths;
    private char[] labels;
    private int nodes = 1;

    TextTrie(int expectedNodes) {
        edges = new LongIntMap(expectedNodes);
        numbers = new LongIntMap(expectedNodes / 2);
        parents = new int[expectedNodes + 1];
        depths = new int[expectedNodes + 1];
        labels = new char[expectedNodes + 1];
    }

    void put(String text, int number) {
        int node = 0;
        for (int i = 0; i < text.length(); i++) {
            int next = next(node, text.charAt(i));
            node = next == ABSENT ? add(node, text.charAt(i)) : next;
        }
        numbers.put(node, number);
    }

    private int add(int parent, char label) {
        if (nodes == parents.length) {
            int longer = Math.addExact(nodes, nodes);
            parents = Arrays.copyOf(parents, longer);
            depths = Arrays.copyOf(depths, longer);
            labels = Arrays.copyOf(labels, longer);
        }
        parents[nodes] = parent;
        depths[nodes] = depths[parent] + 1;
        labels[nodes] = label;
        edges.put(edge(parent, label), nodes);
        return nodes++;
    }

    int nodes() {
        return nodes;
    }

    int parent(int node) {
        return parents[node];
    }

    /** The character that leads to a node. */
    char label(int node) {
        return labels[node];
    }

    /** All nodes, those nearer to the root first. */
    int[] byDepth() {
        int deepest = 0;
        for (int node = 0; node < nodes; node++) {
            deepest = Math.max(deepest, depths[node]);
        }
        int[] next = new int[deepest + 2];
        for (int node = 0; node < nodes; node++) {
            next[depths[node] + 1]++;
        }
        for (int depth = 1; depth < next.length; depth++) {
            next[depth] += next[depth - 1];
        }
        int[] ordered = new int[nodes];
        for (int node = 0; node < nodes; node++) {
            ordered[next[depths[node]]++] = node;
        }
        return ordered;
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
