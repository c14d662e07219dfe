package io.shiftadd.motion.description;

import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The robots that there are, each in a scene of its own. */
public enum RobotKind {
    QUADRUPED,
    ARM;

    /** @throws InvalidDescriptionException with every mistake, by the path of the field */
    public Description read(JsonNode json) {
        return switch (this) {
            case QUADRUPED -> MotionDescription.read(json);
            case ARM -> ArmDescription.read(json);
        };
    }

    /** The JSON schema (2020-12) of what it is told to do. */
    public ObjectNode schema() {
        return switch (this) {
            case QUADRUPED -> MotionDescription.schema();
            case ARM -> ArmDescription.schema();
        };
    }

    /** The name in JSON. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
