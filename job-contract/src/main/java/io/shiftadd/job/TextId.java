package io.shiftadd.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Which text of the registry. In JSON, in rows and in messages it is the bare UUID. */
public record TextId(@JsonValue UUID value) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public TextId {}

    @Override
    public String toString() {
        return value.toString();
    }
}
