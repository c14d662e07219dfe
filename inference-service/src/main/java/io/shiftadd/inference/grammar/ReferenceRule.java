package io.shiftadd.inference.grammar;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Stands for a rule that is still being made, which is how a schema refers to itself. */
final class ReferenceRule implements Rule {

    private @Nullable Rule target;

    private int shortest = Frame.ENDLESS;

    void resolve(Rule rule) {
        target = rule;
    }

    boolean isResolved() {
        return target != null;
    }

    Rule target() {
        return Objects.requireNonNull(target, "a reference is used before its schema is read");
    }

    @Override
    public void start(int first, Stack below, List<Stack> out) {
        target().start(first, below, out);
    }

    @Override
    public int shortest() {
        return shortest;
    }

    @Override
    public void writeShortest(ByteArrayOutputStream out) {
        target().writeShortest(out);
    }

    @Override
    public boolean settle() {
        int before = shortest;
        shortest = target().shortest();
        return shortest != before;
    }
}
