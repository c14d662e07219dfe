package io.shiftadd.registry.access;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What an API key is good for. */
enum Scope {
    /** Everything, the platform API and the dashboard among it. */
    ADMIN,
    /** The OpenAI-style API, and reading which models there are. */
    INFERENCE;

    @JsonValue
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
