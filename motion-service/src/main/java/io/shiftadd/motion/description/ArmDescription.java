package io.shiftadd.motion.description;

import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the arm is to do until something else is asked for: one of these. */
public sealed interface ArmDescription extends Description {

    /** Brings the hand to a thing. */
    record Touch(Thing touch) implements ArmDescription {}

    /** Takes the cube, and holds its centre so high. */
    record Lift(
            @Range(min = 0.03, max = 0.4, unit = "metres") double liftCube) implements ArmDescription {}

    /** Brings the cube beside something. */
    record Bring(Beside moveCubeNextTo) implements ArmDescription {}

    /** Opens the drawer; 0 closes it. */
    record Open(
            @Range(min = 0, max = 1, unit = "of its length", plain = true)
            double openDrawer) implements ArmDescription {}

    /** Goes back to where it began. */
    record Rest(Pose rest) implements ArmDescription {}

    /** What the cube can be brought to. */
    enum Beside {
        CRATE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Where it can rest. */
    enum Pose {
        HOME;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @throws InvalidDescriptionException with every mistake, by the path of the field */
    static ArmDescription read(JsonNode json) {
        return DescriptionReader.read(ArmDescription.class, json);
    }

    @Override
    default ObjectNode toJson() {
        return DescriptionWriter.write(this);
    }

    /** The JSON schema (2020-12) of what {@link #read} takes. */
    static ObjectNode schema() {
        return DescriptionSchema.of(ArmDescription.class);
    }
}
