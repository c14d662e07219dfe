package io.shiftadd.inference.grammar;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** Any JSON value, down to a depth that every reader accepts. */
final class AnyRule implements Rule {

    /** Of containers inside each other. Readers commonly stop at 64 or more. */
    private static final int MAX_DEPTH = 24;

    static final AnyRule VALUE = new AnyRule(MAX_DEPTH);

    private final List<Rule> options;

    private AnyRule(int depth) {
        List<Rule> scalars = List.of(StringRule.ANY, NumberRule.ANY, LiteralRule.BOOLEAN, LiteralRule.NULL);
        if (depth == 0) {
            options = scalars;
        } else {
            AnyRule inner = new AnyRule(depth - 1);
            options = List.of(
                    ObjectRule.of(List.of(), inner),
                    new ArrayRule(List.of(), inner, 0, ArrayRule.UNLIMITED),
                    scalars.get(0),
                    scalars.get(1),
                    scalars.get(2),
                    scalars.get(3));
            options.forEach(Rule::settle);
        }
    }

    /** Any JSON object. */
    static Rule object() {
        return VALUE.options.getFirst();
    }

    @Override
    public void start(int first, Stack below, List<Stack> out) {
        for (Rule option : options) {
            option.start(first, below, out);
        }
    }

    @Override
    public int shortest() {
        return 1;
    }

    @Override
    public void writeShortest(ByteArrayOutputStream out) {
        out.write('0');
    }
}
