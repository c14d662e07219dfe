package io.shiftadd.motion.description;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the quadruped is to do until something else is asked for. Lengths are metres, as in {@link Range}. Two are equal
 * when they ask for the same, whatever the order of the feet.
 *
 * @param feet what single feet do, in the order in which they were named
 */
public record MotionDescription(Torso torso, Facing facing, Moving moving, Map<Foot, FootMotion> feet)
        implements Description {

    private static final double ON_ITS_BACK = 90;
    private static final double UPRIGHT = 57;

    public MotionDescription {
        feet = Collections.unmodifiableMap(new LinkedHashMap<>(feet));
    }

    /** @throws InvalidDescriptionException with every mistake, by the path of the field */
    public static MotionDescription read(JsonNode json) {
        List<InvalidDescriptionException.Fault> faults = new ArrayList<>();
        MotionDescription read = new DescriptionReader(faults).as(MotionDescription.class, json);
        if (read != null) {
            read.check(faults);
        }
        if (read == null || !faults.isEmpty()) {
            throw new InvalidDescriptionException(faults);
        }
        return read;
    }

    @Override
    public ObjectNode toJson() {
        return DescriptionWriter.write(this);
    }

    /** The JSON schema (2020-12) of what {@link #read} takes, but for rules that tie fields together. */
    public static ObjectNode schema() {
        return DescriptionSchema.of(MotionDescription.class);
    }

    /** Rules that tie fields together. */
    private void check(List<InvalidDescriptionException.Fault> faults) {
        boolean rolled = Math.abs(torso.rollDegrees()) > ON_ITS_BACK;
        boolean rears = torso.pitchDegrees() > UPRIGHT;
        boolean dives = torso.pitchDegrees() < -UPRIGHT;
        boolean stands = Stream.of(Foot.values())
                .filter(foot -> rears ? !foot.isFront() : !dives || foot.isFront())
                .anyMatch(foot -> !(feet.get(foot) instanceof FootMotion.Lifted));
        if (!rolled && !stands) {
            String bearing = rears ? "a hind foot" : dives ? "a front foot" : "a foot";
            faults.add(new InvalidDescriptionException.Fault(
                    "feet",
                    "are all lifted that would bear the robot",
                    "at least " + bearing + " on the ground unless it is rolled over",
                    "leave " + bearing + " out of feet, or let it step"));
        }
    }
}
