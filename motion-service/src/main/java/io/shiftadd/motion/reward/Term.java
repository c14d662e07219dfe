package io.shiftadd.motion.reward;

import java.util.Locale;

/** What the cost is the sum of. */
public enum Term {
    HEIGHT,
    PLACE,
    HEADING,
    PITCH,
    ROLL,
    FORWARD_SPEED,
    SIDEWAYS_SPEED,
    TURNING,
    FEET,
    STEPS,
    BALANCE,
    EFFORT,
    POSTURE;

    /** The name in JSON. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
