package io.shiftadd.cli;

import java.time.Duration;
import java.time.Instant;

/** Times that are guesses, and so are told roughly. */
public final class Figures {

    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;
    private static final int DAY = 24 * HOUR;

    private Figures() {}

    /** Such as {@code 48 s} or {@code 3 min}. */
    public static String duration(double seconds) {
        if (seconds < 2 * MINUTE) {
            return "%.0f s".formatted(seconds);
        }
        return seconds < 2 * HOUR ? "%.0f min".formatted(seconds / MINUTE) : "%.1f h".formatted(seconds / HOUR);
    }

    /** How long ago an instant of the API was, such as {@code 5 min ago}; empty for an empty text. */
    public static String ago(String instant, Instant now) {
        if (instant.isEmpty()) {
            return "";
        }
        long seconds = Math.max(0, Duration.between(Instant.parse(instant), now).toSeconds());
        return seconds >= 2 * DAY ? seconds / DAY + " days ago" : duration(seconds) + " ago";
    }
}
