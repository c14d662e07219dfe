package io.shiftadd.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Which model of the registry. In JSON, in rows and in messages it is the bare UUID. */
public record ModelId(@JsonValue UUID value) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ModelId {}

    @Override
    public String toString() {
        return value.toString();
    }
}
