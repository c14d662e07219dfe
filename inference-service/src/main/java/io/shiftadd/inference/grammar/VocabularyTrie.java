package io.shiftadd.inference.grammar;

import io.shiftadd.inference.grammar.pattern.Work;
import io.shiftadd.inference.grammar.rule.Stacks;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of every token of a vocabulary as a tree, so that tokens with a common beginning are tried together.
 * Nodes lie in the order of a depth-first walk: a node's subtree is the range up to {@code end}. Immutable once made.
 */
public final class VocabularyTrie {

    private static final int NO_TOKEN = -1;

    /** Steps that one of several ways to read a text costs, compared with the only one. */
    private static final int WIDE = 3;

    private int nodes;
    private byte[] label;
    private int[] end;
    private int[] depth;
    private int[] token;
    private final byte[][] tokens;
    private final int longest;
    /** Other tokens with the same bytes: the next one by token, {@link #NO_TOKEN} at the end. */
    private final int[] twin;

    /** @param tokens by id, the bytes that the token stands for; empty = a token without text, which is left out */
    public VocabularyTrie(byte[][] tokens) {
        this.tokens = tokens.clone();
        longest = Arrays.stream(tokens).mapToInt(bytes -> bytes.length).max().orElse(0);
        int capacity = 1;
        for (byte[] bytes : tokens) {
            capacity = Math.addExact(capacity, bytes.length);
        }
        label = new byte[capacity];
        end = new int[capacity];
        depth = new int[capacity];
        token = new int[capacity];
        twin = new int[tokens.length];
        Arrays.fill(token, NO_TOKEN);
        Arrays.fill(twin, NO_TOKEN);
        build(tokens);
        label = Arrays.copyOf(label, nodes);
        end = Arrays.copyOf(end, nodes);
        depth = Arrays.copyOf(depth, nodes);
        token = Arrays.copyOf(token, nodes);
    }

    private void build(byte[][] tokens) {
        int[] order = IntStream.range(0, tokens.length)
                .filter(id -> tokens[id].length > 0)
                .boxed()
                .sorted(Comparator.comparing((Integer id) -> tokens[id], Arrays::compareUnsigned)
                        .thenComparing(Comparator.naturalOrder()))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] path = new int[1 + longest];
        byte[] previous = {};
        for (int id : order) {
            byte[] bytes = tokens[id];
            int common = Arrays.mismatch(previous, bytes);
            common = common < 0 ? bytes.length : common;
            closeNodes(path, common, previous.length);
            for (int at = common; at < bytes.length; at++) {
                path[at] = nodes;
                label[nodes] = bytes[at];
                depth[nodes++] = at;
            }
            addToken(path[bytes.length - 1], id);
            previous = bytes;
        }
        closeNodes(path, 0, previous.length);
    }

    private void closeNodes(int[] path, int from, int to) {
        for (int at = from; at < to; at++) {
            end[path[at]] = nodes;
        }
    }

    private void addToken(int node, int id) {
        if (token[node] == NO_TOKEN) {
            token[node] = id;
        } else {
            int last = token[node];
            while (twin[last] != NO_TOKEN) {
                last = twin[last];
            }
            twin[last] = id;
        }
    }

    public int vocabularySize() {
        return tokens.length;
    }

    /** The bytes of a token, not to be changed; none for one without text. */
    public byte[] bytes(int id) {
        return tokens[id];
    }

    /** Beginnings of tokens: what is tried for a position that allows everything. */
    int nodes() {
        return nodes;
    }

    /** Bytes of the longest token. */
    int longest() {
        return longest;
    }

    /** Told of each token that a position allows, and where it leads. */
    interface Visitor {
        void visit(int token, Stacks reached);
    }

    /**
     * Visits every token whose bytes are all allowed from here.
     *
     * @param work charged for each byte that is tried, in each way to read the text
     */
    void walk(Stacks from, Work work, Visitor visitor) {
        @Nullable Stacks[] at = new Stacks[longest];
        int node = 0;
        while (node < nodes) {
            Stacks before = depth[node] == 0 ? from : at[depth[node] - 1];
            work.charge(before == null || before.width() == 1 ? 1 : (long) WIDE * before.width());
            Stacks reached = before == null ? null : before.next(label[node] & 0xFF, work);
            if (reached == null) {
                node = end[node];
                continue;
            }
            at[depth[node]] = reached;
            for (int id = token[node]; id != NO_TOKEN; id = twin[id]) {
                visitor.visit(id, reached);
            }
            node++;
        }
    }

    /** Where a token leads, or null when it is not allowed. */
    @Nullable
    Stacks follow(Stacks from, int id) {
        Stacks at = from;
        for (byte b : tokens[id]) {
            at = at == null ? null : at.next(b & 0xFF);
        }
        return tokens[id].length == 0 ? null : at;
    }

    /**
     * Tokens that spell a text, the longest possible first.
     *
     * @return null when the vocabulary lacks a byte of it
     */
    int @Nullable [] spell(byte[] text) {
        int[] tokens = new int[text.length];
        int count = 0;
        int at = 0;
        while (at < text.length) {
            int node = longest(text, at);
            if (node < 0) {
                return null;
            }
            tokens[count++] = token[node];
            at += depth[node] + 1;
        }
        return Arrays.copyOf(tokens, count);
    }

    /** Node of the longest token that the text goes on with, −1 when there is none. */
    private int longest(byte[] text, int from) {
        int best = -1;
        int node = 0;
        int until = nodes;
        for (int at = from; at < text.length; at++) {
            while (node < until && label[node] != text[at]) {
                node = end[node];
            }
            if (node >= until) {
                return best;
            }
            best = token[node] == NO_TOKEN ? best : node;
            until = end[node];
            node++;
        }
        return best;
    }
}
