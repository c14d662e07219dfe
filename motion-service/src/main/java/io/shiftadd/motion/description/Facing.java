package io.shiftadd.motion.description;

/** Where the robot looks, or how fast it turns. */
public sealed interface Facing {

    record Towards(Compass direction) implements Facing {}

    /** To the left is positive. */
    record Turning(
            @Range(min = -180, max = 180, unit = "degrees per second", plain = true)
            double turnDegreesPerSecond) implements Facing {}
}
