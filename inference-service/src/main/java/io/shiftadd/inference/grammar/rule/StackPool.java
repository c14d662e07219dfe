package io.shiftadd.inference.grammar.rule;

import io.shiftadd.inference.grammar.rule.Stacks.Node;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Gives equal stacks the same object, so that comparing them does not go through all that is below. Forgets now and
 * then: then some are compared unequal, and what is shared is a little less. Safe for use by several threads.
 */
final class StackPool {

    private static final int MAX_REMEMBERED = 20_000;

    private final Map<Key, Stacks> known = new ConcurrentHashMap<>();
    private final Stacks done = new Stacks(this, new Node[0], true);

    private static final class Key {
        private final Node[] nodes;
        private final boolean complete;
        private final int hash;

        Key(Node[] nodes, boolean complete) {
            this.nodes = nodes;
            this.complete = complete;
            this.hash = 31 * Arrays.hashCode(nodes) + (complete ? 1 : 0);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key
                    && hash == key.hash
                    && complete == key.complete
                    && Arrays.equals(nodes, key.nodes);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    Stacks done() {
        return done;
    }

    Stacks single(Frame frame, Stacks below) {
        return of(new Node[] {new Node(frame, below, Rule.sum(frame.shortest(), below.shortest()))}, false);
    }

    Stacks of(Node[] nodes, boolean complete) {
        if (nodes.length == 0 && complete) {
            return done;
        }
        Key key = new Key(nodes, complete);
        Stacks same = known.get(key);
        if (same != null) {
            return same;
        }
        if (known.size() >= MAX_REMEMBERED) {
            known.clear();
        }
        Stacks made = new Stacks(this, nodes, complete);
        Stacks other = known.putIfAbsent(key, made);
        return other == null ? made : other;
    }
}
