package io.shiftadd.motion.reward;

import io.shiftadd.motion.description.Foot;
import java.util.Locale;

/** A parameter that every foot has for itself; in JSON with the foot's code behind, e.g. {@code w_up_FR}. */
public enum FootParameter {
    /** Weight of the foot's height. */
    W_UP(0),
    UP(0),
    /** Weight of a step's height. */
    W_STEPV(0),
    /** Weight of how far a step is to the front. */
    W_STEPH(0),
    /** Steps a second. */
    FREQ(0),
    /** Share of a step in the air. */
    AIR(0),
    PHASE(0),
    /** How high a step is. */
    AV(0),
    /** How far a step is to the front and the back. */
    AH(0),
    /** Whether the foot bears (1) or not (0), for balance. */
    BAL(1);

    private final double unless;

    FootParameter(double unless) {
        this.unless = unless;
    }

    double unless() {
        return unless;
    }

    String key(Foot foot) {
        return name().toLowerCase(Locale.ROOT) + "_" + foot.code();
    }
}
