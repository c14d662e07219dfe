package io.shiftadd.inference.grammar;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Frames that are open, the innermost on top. Immutable; equal stacks are equal objects to a map. */
final class Stack {

    /** Nothing is open: the text is complete. */
    static final Stack DONE = new Stack(null, null);

    private final @Nullable Frame top;
    private final @Nullable Stack below;
    private final int shortest;
    private final int hash;

    private Stack(@Nullable Frame top, @Nullable Stack below) {
        this.top = top;
        this.below = below;
        this.shortest = top == null || below == null ? 0 : Frame.sum(top.shortest(), below.shortest);
        this.hash = Objects.hash(top, below);
    }

    Stack push(Frame frame) {
        return new Stack(frame, this);
    }

    void step(int next, List<Stack> out) {
        if (top != null && below != null) {
            top.step(next, below, out);
            if (top.mayEnd()) {
                below.step(next, out);
            }
        }
    }

    boolean mayEnd() {
        return top == null || below == null || top.mayEnd() && below.mayEnd();
    }

    /** Bytes of the shortest text that completes everything open. */
    int shortest() {
        return shortest;
    }

    void complete(ByteArrayOutputStream out) {
        for (Stack stack = this; stack != null; stack = stack.below) {
            if (stack.top != null) {
                stack.top.complete(out);
            }
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Stack stack
                && hash == stack.hash
                && Objects.equals(top, stack.top)
                && Objects.equals(below, stack.below);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
