package io.shiftadd.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Which set of images of the registry. In JSON, in rows and in messages it is the bare UUID. */
public record ImageSetId(@JsonValue UUID value) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ImageSetId {}

    @Override
    public String toString() {
        return value.toString();
    }
}
