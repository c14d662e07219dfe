package io.shiftadd.registry.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How weights are grouped under one scale. */
enum Method {
    /** Column-wise groups, for accuracy. */
    ACC,
    /** Block-wise groups, for latency. */
    LAT;

    @JsonValue
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
