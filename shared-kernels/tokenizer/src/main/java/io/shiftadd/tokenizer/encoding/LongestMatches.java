package io.shiftadd.tokenizer.encoding;

import java.util.Arrays;
import java.util.List;

/**
 * Finds, for every position of a text, the longest of some strings that begins there. It takes time in proportion to
 * the text whatever the strings are: one pass from the end with the automaton of Aho and Corasick of the strings
 * reversed, where the longest string that ends a reversed text is one look-up.
 */
final class LongestMatches {

    static final int NONE = -1;

    private final TextTrie trie;
    private final int[] lengths;

    /** For each node: the node of the longest proper end of its string that is in the trie. */
    private final int[] fallbacks;

    /** For each node: the number of the longest string that ends there, or {@link #NONE}. */
    private final int[] longest;

    /** @param strings that are empty are never found; of equal ones, the last is */
    LongestMatches(List<String> strings) {
        trie = new TextTrie(64);
        lengths = strings.stream().mapToInt(String::length).toArray();
        for (int i = 0; i < strings.size(); i++) {
            if (!strings.get(i).isEmpty()) {
                trie.put(reversed(strings.get(i)), i);
            }
        }
        fallbacks = new int[trie.nodes()];
        longest = new int[trie.nodes()];
        Arrays.fill(longest, NONE);
        for (int node : trie.byDepth()) {
            if (node != 0) {
                int above = trie.parent(node);
                fallbacks[node] = above == 0 ? 0 : step(fallbacks[above], trie.label(node));
                int own = trie.number(node);
                longest[node] = own == TextTrie.ABSENT ? longest[fallbacks[node]] : own;
            }
        }
    }

    /** Character by character, so that surrogates are as they stand. */
    private static String reversed(String text) {
        char[] characters = new char[text.length()];
        for (int i = 0; i < characters.length; i++) {
            characters[i] = text.charAt(characters.length - 1 - i);
        }
        return new String(characters);
    }

    private int step(int from, char character) {
        int node = from;
        while (true) {
            int next = trie.next(node, character);
            if (next != TextTrie.ABSENT) {
                return next;
            }
            if (node == 0) {
                return 0;
            }
            node = fallbacks[node];
        }
    }

    int length(int number) {
        return lengths[number];
    }

    /** For each position the number of the longest string that begins there, or {@link #NONE}. */
    int[] in(String text) {
        int[] found = new int[text.length()];
        int node = 0;
        for (int i = text.length() - 1; i >= 0; i--) {
            node = step(node, text.charAt(i));
            found[i] = longest[node];
        }
        return found;
    }
}
