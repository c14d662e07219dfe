package io.shiftadd.motion.description;

/** How the torso is held; up and to the right are positive. */
public record Torso(
        @Range(min = 0.05, max = 0.65, unit = "metres") double height,

        @Range(min = -90, max = 90, unit = "degrees", plain = true)
        double pitchDegrees,

        @Range(min = -180, max = 180, unit = "degrees", plain = true)
        double rollDegrees) {}
