package io.shiftadd.registry.model;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Whether a model is as its makers published it, or was made here. */
public enum ModelKind {
    ORIGINAL,
    REPARAMETERIZED;

    @JsonValue
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
