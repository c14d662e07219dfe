package io.shiftadd.motion.description;

/** Where the robot goes, or how fast. */
public sealed interface Moving {

    record Going(Place to) implements Moving {}

    /** Against its own heading; to the left is positive. */
    record Walking(
            @Range(min = -1.5, max = 1.5, unit = "metres per second")
            double forward,

            @Range(min = -1, max = 1, unit = "metres per second")
            double sideways)
            implements Moving {}

    /** A place on the floor. */
    @Elements
    record Place(
            @Range(min = -10, max = 10, unit = "metres") double x,
            @Range(min = -10, max = 10, unit = "metres") double y) {}
}
