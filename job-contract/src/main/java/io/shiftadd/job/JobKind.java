package io.shiftadd.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a job does. */
public enum JobKind {
    /** Makes a shift-and-add model from an original one. */
    REPARAMETERIZE,
    /** Measures a model on a text and on tasks, beside another one if wanted. */
    EVALUATE;

    /** As requests and rows spell it. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
