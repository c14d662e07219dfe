package io.shiftadd.motion.description;

import tools.jackson.databind.node.ObjectNode;

/** What a robot is to do: what language models write, and rewards are made of. */
public sealed interface Description permits MotionDescription, ArmDescription {

    /** JSON as language models are to write it: the same keys in the same order, each time. */
    ObjectNode toJson();
}
