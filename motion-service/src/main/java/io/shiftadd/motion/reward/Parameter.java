package io.shiftadd.motion.reward;

import java.util.Locale;

/** A parameter of the whole robot; weights begin with w_ in JSON. */
public enum Parameter {
    W_HEIGHT(0),
    HEIGHT(0.3),
    W_XY(0),
    X(0),
    Y(0),
    W_HEADING(0),
    HEADING(0),
    W_PITCH(0),
    PITCH(0),
    W_ROLL(0),
    ROLL(0),
    W_VF(0),
    VF(0),
    W_VS(0),
    VS(0),
    W_YAWRATE(0),
    YAWRATE(0),
    W_BALANCE(0.2),
    W_EFFORT(0.01),
    W_POSTURE(0.01),
    /** Which keyframe: 0 stand, 1 upright, 2 crouch, 3 on its back. */
    POSTURE(0),
    /** How much of the posture's cost the front legs have. */
    ARMLOOSE(1);

    private final double unless;

    Parameter(double unless) {
        this.unless = unless;
    }

    /** What it is when nothing is said. */
    double unless() {
        return unless;
    }

    /** The name in JSON. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
