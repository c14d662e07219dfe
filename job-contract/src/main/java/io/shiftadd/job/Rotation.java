package io.shiftadd.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Whether layers are spread by Walsh–Hadamard transforms, which serving applies too: additions only. */
public enum Rotation {
    /** Layer by layer, whichever gives the smaller output error. */
    AUTO,
    ALWAYS,
    NEVER;

    /** As requests and rows spell it. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
