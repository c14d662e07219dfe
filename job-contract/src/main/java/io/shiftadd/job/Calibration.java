package io.shiftadd.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where the calibration inputs of a block come from. */
public enum Calibration {
    /** The blocks before it as already reparameterized, as in the published method: blocks go in their order. */
    SEQUENTIAL,
    /** The unmodified model: no block waits for another, and all workers share the job. */
    ORIGINAL;

    /** As requests and rows spell it. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
