package io.shiftadd.model.family;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What goes into a model. */
public enum Modality {
    TEXT,
    IMAGE;

    /** Of a family by its {@code model_type}; text where no family is known by it. */
    public static Modality ofFamily(String modelType) {
        return Family.ofModelType(modelType).map(Family::modality).orElse(TEXT);
    }

    /** As APIs spell it. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
