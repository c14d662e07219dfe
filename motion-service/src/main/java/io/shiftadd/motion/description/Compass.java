package io.shiftadd.motion.description;

import java.util.Locale;

/** Directions by the map: east is +x, and counter-clockwise is positive. */
public enum Compass {
    EAST,
    NORTHEAST,
    NORTH,
    NORTHWEST,
    WEST,
    SOUTHWEST,
    SOUTH,
    SOUTHEAST;

    /** Radians from east, in (−π, π]. */
    public double heading() {
        int eighths = ordinal() <= WEST.ordinal() ? ordinal() : ordinal() - values().length;
        return eighths * Math.PI / 4;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
