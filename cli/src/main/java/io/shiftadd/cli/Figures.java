package io.shiftadd.cli;

import java.time.Duration;
import java.time.Instant;

/** Numbers as they are shown: three digits that count, decimal units. */
public final class Figures {

    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};
    private static final double THOUSAND = 1000;
    private static final double MILLION = 1e6;
    private static final double BILLION = 1e9;
    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;
    private static final int DAY = 24 * HOUR;

    private Figures() {}

    /** Such as {@code 6.57 MB}. */
    public static String bytes(double count) {
        int unit = 0;
        double value = count;
        while (value >= THOUSAND && unit < UNITS.length - 1) {
            value /= THOUSAND;
            unit++;
        }
        return (unit == 0 ? "%.0f %s" : value < 10 ? "%.2f %s" : value < 100 ? "%.1f %s" : "%.0f %s")
                .formatted(value, UNITS[unit]);
    }

    /** Weights, such as {@code 3.3 M}. */
    public static String count(double count) {
        return count >= BILLION
                ? "%.1f B".formatted(count / BILLION)
                : count >= MILLION ? "%.1f M".formatted(count / MILLION) : "%.0f k".formatted(count / THOUSAND);
    }

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
