package io.shiftadd.inference.grammar.rule;

import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * Several texts one after the other, with a little white space before each but the first: it may stand there or not.
 */
public final class SequenceRule implements Rule {

    private final List<Rule> parts;
    private final boolean tight;

    private SequenceRule(List<Rule> parts, boolean tight) {
        this.parts = List.copyOf(parts);
        this.tight = tight;
    }

    /** @param parts settled already; at least one */
    public SequenceRule(List<Rule> parts) {
        this(parts, false);
    }

    /** Without white space between them. */
    public static SequenceRule tight(List<Rule> parts) {
        return new SequenceRule(parts, true);
    }

    @Override
    public void start(int first, Stacks below, Reached out) {
        startPart(0, first, below, out);
    }

    private void startPart(int at, int first, Stacks below, Reached out) {
        Stacks rest = at + 1 < parts.size() ? below.push(new Rest(this, at + 1, Whitespace.NONE)) : below;
        parts.get(at).start(first, rest, out);
    }

    @Override
    public int shortest() {
        return shortestFrom(0);
    }

    private int shortestFrom(int at) {
        int bytes = 0;
        for (Rule part : parts.subList(at, parts.size())) {
            bytes = Rule.sum(bytes, part.shortest());
        }
        return bytes;
    }

    @Override
    public void writeShortest(ByteArrayOutputStream out) {
        parts.forEach(part -> part.writeShortest(out));
    }

    /** What is left from a part on, that one not begun. */
    private record Rest(SequenceRule rule, int at, int blanks) implements Frame {

        @Override
        public void step(int next, Stacks below, Reached out) {
            int longer = !rule.tight && Whitespace.is(next) ? Whitespace.longer(blanks, next) : 0;
            if (longer > 0) {
                out.add(new Rest(rule, at, longer), below);
            }
            rule.startPart(at, next, below, out);
        }

        @Override
        public int shortest() {
            return rule.shortestFrom(at);
        }

        @Override
        public void complete(ByteArrayOutputStream out) {
            rule.parts.subList(at, rule.parts.size()).forEach(part -> part.writeShortest(out));
        }
    }
}
