package io.shiftadd.inference.grammar;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** Any one of several rules. */
final class ChoiceRule implements Rule {

    private final List<Rule> options;
    private int shortest = Frame.ENDLESS;

    ChoiceRule(List<Rule> options) {
        this.options = List.copyOf(options);
    }

    @Override
    public void start(int first, Stack below, List<Stack> out) {
        for (Rule option : options) {
            if (option.shortest() < Frame.ENDLESS) {
                option.start(first, below, out);
            }
        }
    }

    @Override
    public int shortest() {
        return shortest;
    }

    @Override
    public void writeShortest(ByteArrayOutputStream out) {
        for (Rule option : options) {
            if (option.shortest() == shortest) {
                option.writeShortest(out);
                return;
            }
        }
    }

    @Override
    public boolean settle() {
        int before = shortest;
        for (Rule option : options) {
            shortest = Math.min(shortest, option.shortest());
        }
        return shortest != before;
    }
}
