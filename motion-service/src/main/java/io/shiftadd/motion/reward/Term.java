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
    POSTURE,
    /** From here on of an arm. */
    REACH,
    GRIP,
    LIFT,
    NEAR,
    DRAWER,
    TILT;

    /** The name in JSON. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
