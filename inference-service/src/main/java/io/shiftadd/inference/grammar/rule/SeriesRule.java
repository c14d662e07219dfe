package io.shiftadd.inference.grammar.rule;

import java.io.ByteArrayOutputStream;

/**
 * One text, and then any number of others of one kind, with a little white space before each: it may stand there or
 * not.
 */
public final class SeriesRule implements Rule {

    private final Rule first;
    private final Rule further;

    /** Both settled already. */
    public SeriesRule(Rule first, Rule further) {
        this.first = first;
        this.further = further;
    }

    @Override
    public void start(int firstByte, Stacks below, Reached out) {
        first.start(firstByte, below.push(new Further(this, Whitespace.NONE)), out);
    }

    @Override
    public int shortest() {
        return first.shortest();
    }

    @Override
    public void writeShortest(ByteArrayOutputStream out) {
        first.writeShortest(out);
    }

    /** After one of them: it may be the last. */
    private record Further(SeriesRule rule, int blanks) implements Frame {

        @Override
        public void step(int next, Stacks below, Reached out) {
            int longer = Whitespace.is(next) ? Whitespace.longer(blanks, next) : 0;
            if (longer > 0) {
                out.add(new Further(rule, longer), below);
            }
            rule.further.start(next, below.push(new Further(rule, Whitespace.NONE)), out);
        }

        @Override
        public boolean mayEnd() {
            return true;
        }

        @Override
        public int shortest() {
            return 0;
        }

        @Override
        public void complete(ByteArrayOutputStream out) {}
    }
}
