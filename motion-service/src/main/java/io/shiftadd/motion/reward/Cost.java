package io.shiftadd.motion.reward;

import io.shiftadd.motion.mujoco.Simulation;

/** What a state costs under a reward; lower is better. One thread at a time, and no allocation. */
public interface Cost {

    /** What is wanted from now on. */
    void want(Reward reward);

    /** The roll to unwrap from, in radians, where there is one. */
    void setRoll(double roll);

    /** Looks at a state. */
    double of(Simulation state);

    /** A term of the state that was last looked at, weighted. */
    double term(Term term);

    /** {@code n(x, p) = sqrt(x² + p²) − p}: a square near 0, a distance far from it. */
    static double smooth(double x, double p) {
        return Math.sqrt(x * x + p * p) - p;
    }

    /** The same of a vector's norm. */
    static double smooth(double x, double y, double p) {
        return Math.sqrt(x * x + y * y + p * p) - p;
    }

    /** The same of a vector's norm. */
    static double smooth(double x, double y, double z, double p) {
        return Math.sqrt(x * x + y * y + z * z + p * p) - p;
    }
}
