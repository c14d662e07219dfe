package io.shiftadd.inference.grammar.rule;

import io.shiftadd.inference.grammar.pattern.Work;
import io.shiftadd.inference.grammar.rule.Stacks.Node;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a byte leads to, collected: frames that are equal become one, above everything that either stands on. */
final class Reached {

    /** Steps that one of several frames takes when it is kept. */
    private static final int KEPT = 5;

    private final StackPool pool;
    private final int next;
    private final @Nullable Work work;
    private @Nullable Frame first;
    private @Nullable Stacks belowFirst;
    /** All frames, once there are more than one. */
    private @Nullable Map<Frame, Stacks> more;

    private boolean complete;
    private @Nullable Set<Stacks> passed;

    /** @param work charged for what takes long; null when nobody counts */
    Reached(StackPool pool, int next, @Nullable Work work) {
        this.pool = pool;
        this.next = next;
        this.work = work;
    }

    /** For a frame whose step takes more than a comparison. */
    void charge(int steps) {
        if (work != null) {
            work.charge(steps);
        }
    }

    /** What is charged; null when nobody counts. */
    @Nullable
    Work work() {
        return work;
    }

    void from(Node node) {
        node.top().step(next, node.below(), this);
        if (node.top().mayEnd()) {
            pass(node.below());
        }
    }

    /** The frame above is complete, so the byte belongs to what is below; to each of these once. */
    private void pass(Stacks below) {
        if (passed == null) {
            passed = Collections.newSetFromMap(new IdentityHashMap<>());
        }
        if (passed.add(below)) {
            for (Node node : below.nodes()) {
                from(node);
            }
        }
    }

    /** A frame that is open now; frames that nothing can complete are left out. */
    void add(Frame frame, Stacks below) {
        if (Rule.sum(frame.shortest(), below.shortest()) >= Rule.ENDLESS) {
            return;
        }
        if (more == null) {
            if (first == null || belowFirst == null) {
                first = frame;
                belowFirst = below;
                return;
            }
            more = new LinkedHashMap<>();
            more.put(first, belowFirst);
        }
        charge(KEPT);
        more.merge(frame, below, this::union);
    }

    /** What was on top is complete, and the byte was its last. */
    void add(Stacks stacks) {
        complete |= stacks.complete();
        for (Node node : stacks.nodes()) {
            add(node.top(), node.below());
        }
    }

    private Stacks union(Stacks a, Stacks b) {
        if (a == b) {
            return a;
        }
        Set<Node> nodes = new LinkedHashSet<>();
        Collections.addAll(nodes, a.nodes());
        Collections.addAll(nodes, b.nodes());
        return pool.of(nodes.toArray(Node[]::new), a.complete() || b.complete());
    }

    /** @param from the stacks before the byte: the same object when nothing changed */
    @Nullable
    Stacks stacks(Stacks from) {
        if (more != null) {
            Node[] nodes = more.entrySet().stream()
                    .map(e -> new Node(
                            e.getKey(),
                            e.getValue(),
                            Rule.sum(e.getKey().shortest(), e.getValue().shortest())))
                    .toArray(Node[]::new);
            return pool.of(nodes, complete);
        }
        if (first == null || belowFirst == null) {
            return complete ? pool.done() : null;
        }
        Node[] before = from.nodes();
        boolean same = before.length == 1
                && belowFirst == before[0].below()
                && complete == from.complete()
                && first.equals(before[0].top());
        // Inside a string most bytes lead back to where they came from.
        return same
                ? from
                : complete ? pool.of(new Node[] {node(first, belowFirst)}, true) : pool.single(first, belowFirst);
    }

    private static Node node(Frame frame, Stacks below) {
        return new Node(frame, below, Rule.sum(frame.shortest(), below.shortest()));
    }
}
