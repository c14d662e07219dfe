package io.shiftadd.inference.grammar;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** The whole text: a little white space (a first token often begins with a blank), then the value. */
record RootFrame(Rule rule, int blanks) implements Frame {

    @Override
    public void step(int next, Stack below, List<Stack> out) {
        int longer = Whitespace.is(next) ? Whitespace.longer(blanks, next) : 0;
        if (longer > 0) {
            out.add(below.push(new RootFrame(rule, longer)));
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
