package io.shiftadd.inference.grammar.rule;

import java.io.ByteArrayOutputStream;

/**
 * The texts that are allowed: most rules are the JSON texts of one schema, some what stands around such texts. Rules
 * may refer to each other in cycles, so their shortest lengths are settled
 * after all are made: see {@link #settle()}.
 */
public sealed interface Rule
        permits AnyRule,
                ArrayRule,
                ChoiceRule,
                DistinctRule,
                LiteralRule,
                NumberRule,
                ObjectRule,
                PythonRule,
                SequenceRule,
                SeriesRule,
                StringRule {

    /** Longer than any text: what can never be completed. */
    int ENDLESS = 1 << 28;

    /** Adds the stacks that the first byte of a value leads to. */
    void start(int first, Stacks below, Reached out);

    /** Bytes of a short value, the shortest for most rules; {@link #ENDLESS} when there is none. */
    int shortest();

    void writeShortest(ByteArrayOutputStream out);

    /** Computes the shortest length anew from the rules it is made of; returns whether it changed. */
    default boolean settle() {
        return false;
    }

    default boolean possible() {
        return shortest() < ENDLESS;
    }

    static int sum(int a, int b) {
        return Math.min(ENDLESS, a + b);
    }

    static int times(int count, int length) {
        return (int) Math.min(ENDLESS, (long) count * length);
    }
}
