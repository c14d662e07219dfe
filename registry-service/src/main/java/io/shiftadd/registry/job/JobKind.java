package io.shiftadd.registry.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a job does. */
enum JobKind {
    /** Makes a shift-and-add model from an original one. */
    REPARAMETERIZE,
    /** Measures the perplexity of a model. */
    EVALUATE;

    @JsonValue
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
