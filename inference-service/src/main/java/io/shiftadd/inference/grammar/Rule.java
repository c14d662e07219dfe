package io.shiftadd.inference.grammar;

import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * The JSON texts that one schema allows. Rules may refer to each other in cycles, so their shortest lengths are settled
 * after all are made: see {@link #settle()}.
 */
sealed interface Rule
        permits AnyRule, ArrayRule, ChoiceRule, LiteralRule, NumberRule, ObjectRule, ReferenceRule, StringRule {

    /** Adds the stacks that the first byte of a value leads to. */
    void start(int first, Stack below, List<Stack> out);

    /** Bytes of the shortest value; {@link Frame#ENDLESS} when there is none. */
    int shortest();

    void writeShortest(ByteArrayOutputStream out);

    /** Computes the shortest length anew from the rules it is made of; returns whether it changed. */
    default boolean settle() {
        return false;
    }
}
