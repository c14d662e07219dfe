package io.shiftadd.inference.grammar;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that may have been meant by the bytes so far: one stack for each way to read them, at least one.
 *
 * @param stacks without duplicates
 */
record Position(List<Stack> stacks) {

    static Position start(Rule root) {
        return new Position(List.of(Stack.DONE.push(new RootFrame(root, 0))));
    }

    /** Where the byte leads, or null when it is not allowed. */
    @Nullable
    Position next(int nextByte) {
        List<Stack> reached = new ArrayList<>(stacks.size());
        for (Stack stack : stacks) {
            stack.step(nextByte, reached);
        }
        if (reached.isEmpty()) {
            return null;
        }
        if (reached.size() == 1) {
            // Inside a string most bytes lead back to where they came from.
            return reached.equals(stacks) ? this : new Position(reached);
        }
        return new Position(reached.stream().distinct().toList());
    }

    boolean mayEnd() {
        return stacks.stream().anyMatch(Stack::mayEnd);
    }

    boolean mustEnd() {
        return stacks.stream().allMatch(stack -> stack == Stack.DONE);
    }

    int shortest() {
        int shortest = Frame.ENDLESS;
        for (Stack stack : stacks) {
            shortest = Math.min(shortest, stack.mayEnd() ? 0 : stack.shortest());
        }
        return shortest;
    }

    /** The shortest text that makes this complete. */
    byte[] completion() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!mayEnd()) {
            Stack best = stacks.getFirst();
            for (Stack stack : stacks) {
                best = stack.shortest() < best.shortest() ? stack : best;
            }
            best.complete(out);
        }
        return out.toByteArray();
    }
}
