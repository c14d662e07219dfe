package io.shiftadd.inference.grammar.rule;

import io.shiftadd.inference.grammar.pattern.Automaton;
import io.shiftadd.inference.grammar.pattern.Languages;
import io.shiftadd.inference.grammar.pattern.Work;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Objects;

/** Any JSON value, down to a depth that every reader accepts. */
public final class AnyRule implements Rule {

    /** Of containers inside each other. Readers commonly stop at 64 or more. */
    private static final int MAX_DEPTH = 24;

    /** Names that need no escapes. */
    public static final Automaton ANY_NAME = anyName();

    public static final AnyRule VALUE = new AnyRule(MAX_DEPTH);

    private final List<Rule> options;

    private AnyRule(int depth) {
        List<Rule> scalars = List.of(StringRule.ANY, NumberRule.ANY, LiteralRule.BOOLEAN, LiteralRule.NULL);
        if (depth == 0) {
            options = scalars;
        } else {
            AnyRule inner = new AnyRule(depth - 1);
            options = List.of(
                    new ObjectRule(List.of(), List.of(new ObjectRule.Others(ANY_NAME, inner)), 0, ObjectRule.UNLIMITED),
                    ArrayRule.of(List.of(), inner, 0, ArrayRule.UNLIMITED),
                    scalars.get(0),
                    scalars.get(1),
                    scalars.get(2),
                    scalars.get(3));
            options.forEach(Rule::settle);
        }
    }

    private static Automaton anyName() {
        Languages languages = new Languages(new Work(1_000, "every name"));
        return Objects.requireNonNull(languages.automaton(languages.withoutEscapes()));
    }

    /** Any JSON object. */
    public static Rule object() {
        return VALUE.options.getFirst();
    }

    @Override
    public void start(int first, Stacks below, Reached out) {
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
