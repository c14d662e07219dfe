package io.shiftadd.motion.instruction;

import io.shiftadd.motion.description.MotionDescription;

/** What a language model made of an instruction. */
public sealed interface Understood {

    record Meaning(MotionDescription description) implements Understood {}

    /** An answer that is no description, or asks for what cannot be. */
    record Nonsense(String problem) implements Understood {}
}
