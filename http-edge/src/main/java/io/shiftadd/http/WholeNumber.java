package io.shiftadd.http;

import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** Whole numbers as JSON has them: {@code 16}, {@code 16.0} and {@code 1.6e1} are the same one. */
public final class WholeNumber {

    /** The first double beyond what 64 bits hold. */
    private static final double BEYOND_LONG = 0x1p63;

    private WholeNumber() {}

    /** The number, or empty when this is none, has a fraction, or does not fit 64 bits. */
    public static OptionalLong of(JsonNode value) {
        if (value.isIntegralNumber()) {
            return value.canConvertToLong() ? OptionalLong.of(value.longValue()) : OptionalLong.empty();
        }
        if (!value.isNumber()) {
            return OptionalLong.empty();
        }
        double number = value.doubleValue();
        boolean whole = number == Math.rint(number) && number >= -BEYOND_LONG && number < BEYOND_LONG;
        return whole ? OptionalLong.of((long) number) : OptionalLong.empty();
    }

    /** How messages show a number: as it was sent, or in words when it is beyond what a double holds. */
    public static String shown(JsonNode number) {
        return Double.isInfinite(number.doubleValue())
                ? "a number that is too large (beyond 1.8e308)"
                : Shown.of(number.toString());
    }
}
