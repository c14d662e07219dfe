package io.shiftadd.inference.grammar.rule;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Any one of several rules, which may be told later: that is how a schema refers to itself. */
public final class ChoiceRule implements Rule {

    private List<Rule> options = List.of();
    private int shortest = ENDLESS;

    /** Options that are not choices themselves, so that a choice never leads back to itself without a byte. */
    public void options(List<Rule> all) {
        List<Rule> kept = new ArrayList<>();
        for (Rule option : all) {
            if (kept.stream().noneMatch(other -> covers(other, option))) {
                kept.removeIf(other -> covers(option, other));
                kept.add(option);
            }
        }
        options = List.copyOf(kept);
    }

    public List<Rule> options() {
        return options;
    }

    private static boolean covers(Rule a, Rule b) {
        return a == b || a instanceof StringRule all && b instanceof StringRule some && all.covers(some);
    }

    @Override
    public void start(int first, Stacks below, Reached out) {
        for (Rule option : options) {
            if (option.possible()) {
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
