package io.shiftadd.inference.grammar;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** A string of a number of Unicode characters. */
final class StringRule implements Rule {

    static final int UNLIMITED = Integer.MAX_VALUE;
    static final StringRule ANY = new StringRule(0, UNLIMITED);

    private final int minimum;
    private final int maximum;

    StringRule(int minimum, int maximum) {
        this.minimum = minimum;
        this.maximum = maximum;
    }

    @Override
    public void start(int first, Stack below, List<Stack> out) {
        if (first == '"') {
            out.add(below.push(new StringFrame(this, 0, StringLexer.PLAIN)));
        }
    }

    @Override
    public int shortest() {
        return Frame.sum(2, minimum);
    }

    @Override
    public void writeShortest(ByteArrayOutputStream out) {
        out.write('"');
        new StringFrame(this, 0, StringLexer.PLAIN).complete(out);
    }

    private boolean bounded() {
        return minimum > 0 || maximum < UNLIMITED;
    }

    /** @param length whole characters so far; stays 0 where no bound needs it, so that positions are equal */
    private record StringFrame(StringRule rule, int length, StringLexer lexer) implements Frame {

        @Override
        public void step(int next, Stack below, List<Stack> out) {
            if (next == '"' && lexer == StringLexer.PLAIN) {
                if (length >= rule.minimum) {
                    out.add(below);
                }
                return;
            }
            StringLexer reached = lexer.next(next);
            if (reached == null || lexer == StringLexer.PLAIN && length >= rule.maximum) {
                return;
            }
            int grown = rule.bounded() && reached == StringLexer.PLAIN ? length + 1 : length;
            out.add(below.push(new StringFrame(rule, grown, reached)));
        }

        @Override
        public int shortest() {
            return Frame.sum(lexer.shortest() + 1, missing());
        }

        @Override
        public void complete(ByteArrayOutputStream out) {
            lexer.complete(out);
            for (int i = missing(); i > 0; i--) {
                out.write('a');
            }
            out.write('"');
        }

        private int missing() {
            int whole = rule.bounded() && lexer != StringLexer.PLAIN ? length + 1 : length;
            return Math.max(0, rule.minimum - whole);
        }
    }
}
