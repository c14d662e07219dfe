package io.shiftadd.inference.grammar.rule;

import io.shiftadd.inference.grammar.pattern.Work;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that may have been meant by the bytes so far, as a graph of stacks (after M. Tomita's graph-structured
 * stack): frames that are open, each above all the stacks that it may stand on. Ways to read the text that go on
 * alike share what goes on, so that their number does not multiply with the depth. Immutable; equal stacks are one
 * object, as long as {@link StackPool} remembers them.
 */
public final class Stacks {

    /** One frame, and what may be below it. Compared by identity of what is below. */
    record Node(Frame top, Stacks below, int shortest) {

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other || other instanceof Node node && below == node.below && top.equals(node.top);
        }

        @Override
        public int hashCode() {
            return 31 * top.hashCode() + System.identityHashCode(below);
        }
    }

    private final StackPool pool;
    private final Node[] nodes;
    private final boolean complete;
    private final boolean mayEnd;
    private final int shortest;

    /** @param complete whether nothing being open is one of the ways */
    Stacks(StackPool pool, Node[] nodes, boolean complete) {
        this.pool = pool;
        this.nodes = nodes;
        this.complete = complete;
        boolean end = complete;
        int least = complete ? 0 : Rule.ENDLESS;
        for (Node node : nodes) {
            end |= node.top.mayEnd() && node.below.mayEnd;
            least = Math.min(least, node.shortest);
        }
        this.mayEnd = end;
        this.shortest = end ? 0 : least;
    }

    /** Where the text of a rule begins, with stacks of its own to share. */
    public static Stacks start(Rule root) {
        StackPool pool = new StackPool();
        return pool.done().push(new RootFrame(root, 0));
    }

    Stacks push(Frame frame) {
        return pool.single(frame, this);
    }

    Node[] nodes() {
        return nodes;
    }

    boolean complete() {
        return complete;
    }

    /** Ways to read the text that are gone through for each byte. */
    public int width() {
        return nodes.length;
    }

    /** Where the byte leads, or null when it is not allowed. */
    public @Nullable Stacks next(int nextByte) {
        return next(nextByte, null);
    }

    /**
     * The same.
     *
     * @param work charged for what takes more than a step in each way to read the text
     */
    public @Nullable Stacks next(int nextByte, @Nullable Work work) {
        Reached reached = new Reached(pool, nextByte, work);
        for (Node node : nodes) {
            reached.from(node);
        }
        return reached.stacks(this);
    }

    public boolean mayEnd() {
        return mayEnd;
    }

    public boolean mustEnd() {
        return complete && nodes.length == 0;
    }

    /** Bytes that complete everything open. */
    public int shortest() {
        return shortest;
    }

    /** A short text that makes this complete. */
    public byte[] completion() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Stacks at = this;
        while (!at.mayEnd) {
            Node best = at.nodes[0];
            for (Node node : at.nodes) {
                best = node.shortest < best.shortest ? node : best;
            }
            best.top.complete(out);
            at = best.below;
        }
        return out.toByteArray();
    }
}
