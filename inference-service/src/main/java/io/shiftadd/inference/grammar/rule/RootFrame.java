package io.shiftadd.inference.grammar.rule;

import java.io.ByteArrayOutputStream;

/** The whole text: a little white space (a first token often begins with a blank), then the value. */
record RootFrame(Rule rule, int blanks) implements Frame {

    @Override
    public void step(int next, Stacks below, Reached out) {
        int longer = Whitespace.is(next) ? Whitespace.longer(blanks, next) : 0;
        if (longer > 0) {
            out.add(new RootFrame(rule, longer), below);
        } else {
            rule.start(next, below, out);
        }
    }

    @Override
    public int shortest() {
        return rule.shortest();
    }

    @Override
    public void complete(ByteArrayOutputStream out) {
        rule.writeShortest(out);
    }
}
