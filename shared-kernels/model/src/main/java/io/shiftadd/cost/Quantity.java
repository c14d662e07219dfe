package io.shiftadd.cost;

import java.time.Duration;
import java.util.Locale;

/**
 * What is said of models and jobs, in words: the same figure looks the same on a page, at a terminal and in a model
 * card. Decimal units, three digits that count.
 */
public final class Quantity {

    private static final String[] PREFIXES = {"", "k", "M", "G", "T"};
    private static final String[] ENERGIES = {"pJ", "nJ", "µJ", "mJ", "J"};
    private static final double STEP = 1000;
    private static final double MINUTE = 60;

    private Quantity() {}

    /** Such as {@code 6.57 MB}. */
    public static String bytes(double bytes) {
        return scaled(bytes, "B");
    }

    /** Weights, tokens or operations, such as {@code 3.15 M}. */
    public static String count(double count) {
        return scaled(count, "").strip();
    }

    private static String scaled(double value, String unit) {
        int step = 0;
        double scaled = value;
        while (scaled >= STEP && step < PREFIXES.length - 1) {
            scaled /= STEP;
            step++;
        }
        String number = step == 0 ? fixed(scaled, 0) : fixed(scaled, scaled < 10 ? 2 : scaled < 100 ? 1 : 0);
        return number + " " + PREFIXES[step] + unit;
    }

    /** An estimate, such as {@code 418 µJ}. */
    public static String energy(double picojoules) {
        int unit = 0;
        double value = picojoules;
        while (value >= STEP && unit < ENERGIES.length - 1) {
            value /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, "%.3g %s", value, ENERGIES[unit]);
    }

    /** Such as {@code 2.0 s}, {@code 48 s}, {@code 3 min 5 s} or {@code 1 h 20 min}. */
    public static String seconds(double seconds) {
        if (seconds < MINUTE) {
            return fixed(seconds, seconds < 10 ? 1 : 0) + " s";
        }
        Duration duration = Duration.ofSeconds(Math.round(seconds));
        return duration.toHours() > 0
                ? duration.toHours() + " h " + duration.toMinutesPart() + " min"
                : duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
    }

    /** Such as {@code 46.93}. */
    public static String perplexity(double perplexity) {
        return fixed(perplexity, 2);
    }

    /** Of a weight, such as {@code 3.31}. */
    public static String bits(double bits) {
        return fixed(bits, 2);
    }

    /** A part of a whole, such as {@code 43.4 %}. */
    public static String share(double share) {
        return fixed(100 * share, 1) + " %";
    }

    /** How much one value is above another, such as {@code +17.1 %}. */
    public static String change(double before, double after) {
        return String.format(Locale.ROOT, "%+.1f %%", (after / before - 1) * 100);
    }

    private static String fixed(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
