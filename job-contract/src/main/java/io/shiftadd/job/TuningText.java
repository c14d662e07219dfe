package io.shiftadd.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a model is tuned on. */
public enum TuningText {
    /** Text that the original writes itself: never runs out. */
    SAMPLED,
    /** The job's calibration text, at random places. */
    TEXT,
    /** Half of each. */
    MIX;

    public boolean needsText() {
        return this != SAMPLED;
    }

    /** As requests and rows spell it. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return word();
    }
}
