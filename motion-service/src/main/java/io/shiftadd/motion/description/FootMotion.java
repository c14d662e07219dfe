package io.shiftadd.motion.description;

/** What one foot does; feet that are not named stand. */
public sealed interface FootMotion {

    /** Held so far above the floor. */
    record Lifted(
            @Range(min = 0, max = 0.4, unit = "metres") double lift) implements FootMotion {}

    record Stepping(Step step) implements FootMotion {}

    /**
     * A gait's part of one foot.
     *
     * @param hertz steps a second
     * @param up how high
     * @param forward how far to the front and the back
     * @param air the share of a step that the foot is in the air
     * @param phase the share of a step by which it begins later
     */
    record Step(
            @Range(min = 0.25, max = 6, unit = "hertz", plain = true)
            double hertz,

            @Range(min = 0, max = 0.25, unit = "metres") double up,
            @Range(min = -0.25, max = 0.25, unit = "metres") double forward,

            @Range(min = 0.05, max = 0.95, unit = "of a step")
            double air,

            @Range(min = 0, max = 1, unit = "of a step") double phase) {}
}
