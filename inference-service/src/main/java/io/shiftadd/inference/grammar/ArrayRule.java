package io.shiftadd.inference.grammar;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** An array: some elements with rules of their own, then elements of one rule. */
final class ArrayRule implements Rule {

    static final int UNLIMITED = Integer.MAX_VALUE;

    private final List<Rule> first;
    private final Rule others;
    private final int minimum;
    private final int maximum;
    private int shortest = Frame.ENDLESS;

    ArrayRule(List<Rule> first, Rule others, int minimum, int maximum) {
        this.first = List.copyOf(first);
        this.others = others;
        this.minimum = minimum;
        this.maximum = maximum;
    }

    @Override
    public void start(int next, Stack below, List<Stack> out) {
        if (next == '[') {
            out.add(below.push(new ArrayFrame(this, Phase.BEGUN, 0, 0)));
        }
    }

    @Override
    public int shortest() {
        return shortest;
    }

    @Override
    public void writeShortest(ByteArrayOutputStream out) {
        out.write('[');
        new ArrayFrame(this, Phase.BEGUN, 0, 0).complete(out);
    }

    @Override
    public boolean settle() {
        int before = shortest;
        shortest = Frame.sum(1, new ArrayFrame(this, Phase.BEGUN, 0, 0).shortest());
        return shortest != before;
    }

    private Rule element(int index) {
        return index < first.size() ? first.get(index) : others;
    }

    private enum Phase {
        BEGUN,
        COMMA,
        ELEMENT
    }

    /** @param elements that have begun */
    private record ArrayFrame(ArrayRule rule, Phase phase, int elements, int blanks) implements Frame {

        @Override
        public void step(int next, Stack below, List<Stack> out) {
            if (Whitespace.is(next)) {
                int longer = Whitespace.longer(blanks, next);
                if (longer > 0) {
                    out.add(below.push(new ArrayFrame(rule, phase, elements, longer)));
                }
                return;
            }
            if (next == ']' && phase != Phase.COMMA && elements >= rule.minimum) {
                out.add(below);
            }
            if (phase == Phase.ELEMENT) {
                if (next == ',' && elements < rule.maximum) {
                    out.add(below.push(new ArrayFrame(rule, Phase.COMMA, elements, 0)));
                }
            } else if (elements < rule.maximum) {
                Rule element = rule.element(elements);
                if (element.shortest() < ENDLESS) {
                    element.start(next, below.push(new ArrayFrame(rule, Phase.ELEMENT, elements + 1, 0)), out);
                }
            }
        }

        @Override
        public int shortest() {
            int length = 1;
            int missing = missing();
            for (int i = 0; i < missing; i++) {
                length = Frame.sum(length, rule.element(elements + i).shortest());
            }
            int commas = phase == Phase.ELEMENT ? missing : Math.max(0, missing - 1);
            return Frame.sum(length, commas);
        }

        @Override
        public void complete(ByteArrayOutputStream out) {
            int missing = missing();
            for (int i = 0; i < missing; i++) {
                if (i > 0 || phase == Phase.ELEMENT) {
                    out.write(',');
                }
                rule.element(elements + i).writeShortest(out);
            }
            out.write(']');
        }

        /** Elements that must still come; after a comma at least one. */
        private int missing() {
            return Math.max(phase == Phase.COMMA ? 1 : 0, rule.minimum - elements);
        }
    }
}
