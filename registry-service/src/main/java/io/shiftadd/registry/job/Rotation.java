package io.shiftadd.registry.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Whether layers are spread by Walsh–Hadamard transforms, which serving applies too: additions only. */
enum Rotation {
    /** Layer by layer, whichever gives the smaller output error. */
    AUTO,
    ALWAYS,
    NEVER;

    @JsonValue
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
