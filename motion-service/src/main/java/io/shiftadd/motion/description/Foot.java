package io.shiftadd.motion.description;

import java.util.Locale;

/** The feet, in the order of the robot's legs. */
public enum Foot {
    FRONT_LEFT("FL"),
    FRONT_RIGHT("FR"),
    REAR_LEFT("RL"),
    REAR_RIGHT("RR");

    private final String code;

    Foot(String code) {
        this.code = code;
    }

    /** As the robot's file and the reward parameters name it, e.g. FR. */
    public String code() {
        return code;
    }

    public boolean isFront() {
        return this == FRONT_LEFT || this == FRONT_RIGHT;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
