package io.shiftadd.motion.instruction;

import io.shiftadd.motion.description.Description;

/** What a language model made of an instruction. */
public sealed interface Understood {

    record Meaning(Description description) implements Understood {}

    /** An answer that is no description, or asks for what cannot be. */
    record Nonsense(String problem) implements Understood {}
}
