package io.shiftadd.motion.reward;

import java.util.Locale;

/** A parameter of a whole robot; weights begin with w_ in JSON. Effort and posture are of both, the rest of one. */
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
    ARMLOOSE(1),
    /** From here on of the arm. */
    W_REACH(0),
    /** Which thing: 0 cube, 1 crate, 2 drawer handle. */
    REACH(0),
    /** Weight of fingers that close around what is reached. */
    W_GRIP(0),
    W_LIFT(0),
    /** Height of the cube's centre. */
    LIFT(0),
    /** Weight of the gap between cube and crate. */
    W_NEAR(0),
    W_DRAWER(0),
    /** How far the drawer is open. */
    DRAWER(0),
    /** Weight of a hand that points down. */
    W_TILT(0);

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
