package io.shiftadd.registry.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Numbers in the words of the pages; what is not known is a dash. Templates know it as {@code @figures}. */
@Component("figures")
public final class Figures {

    private static final String UNKNOWN = "–";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    public String bytes(@Nullable Number bytes) {
        return bytes == null ? UNKNOWN : scaled(bytes.doubleValue(), "B");
    }

    /** A count in thousands, millions or billions. */
    public String count(@Nullable Number count) {
        return count == null ? UNKNOWN : scaled(count.doubleValue(), "").strip();
    }

    public String number(@Nullable Number value, int digits) {
        return value == null || !Double.isFinite(value.doubleValue())
                ? UNKNOWN
                : String.format(Locale.ROOT, "%." + digits + "f", value.doubleValue());
    }

    /** Small numbers with three significant digits. */
    public String error(@Nullable Number value) {
        if (value == null || !Double.isFinite(value.doubleValue())) {
            return UNKNOWN;
        }
        double number = value.doubleValue();
        return Math.abs(number) >= 0.001 || number == 0
                ? String.format(Locale.ROOT, "%.3f", number)
                : String.format(Locale.ROOT, "%.1e", number);
    }

    public String percent(@Nullable Number share) {
        return share == null ? UNKNOWN : String.format(Locale.ROOT, "%.1f %%", share.doubleValue() * 100);
    }

    /** A measured value with its standard error: shares as percents. */
    public String score(@Nullable ScoreRow score) {
        if (score == null) {
            return UNKNOWN;
        }
        double scale = score.share() ? 100 : 1;
        int digits = score.digits();
        String value = number(score.value() * scale, digits) + (score.share() ? " %" : "");
        return score.standardError() == null ? value : value + " ± " + number(score.standardError() * scale, digits);
    }

    /** How much one value is above another, signed. */
    public String change(@Nullable Number before, @Nullable Number after) {
        return before == null || after == null || before.doubleValue() == 0
                ? UNKNOWN
                : String.format(Locale.ROOT, "%+.1f %%", (after.doubleValue() / before.doubleValue() - 1) * 100);
    }

    public String seconds(@Nullable Number seconds) {
        if (seconds == null) {
            return UNKNOWN;
        }
        double value = seconds.doubleValue();
        if (value < 60) {
            return String.format(Locale.ROOT, value < 10 ? "%.1f s" : "%.0f s", value);
        }
        Duration duration = Duration.ofSeconds(Math.round(value));
        return duration.toHours() > 0
                ? duration.toHours() + " h " + duration.toMinutesPart() + " min"
                : duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
    }

    /** Picojoules in a unit that fits. */
    public String energy(@Nullable Number picojoules) {
        if (picojoules == null) {
            return UNKNOWN;
        }
        double value = picojoules.doubleValue();
        String[] units = {"pJ", "nJ", "µJ", "mJ", "J"};
        int unit = 0;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.3g %s", value, units[unit]);
    }

    public String time(@Nullable Instant instant) {
        return instant == null ? UNKNOWN : TIME.format(instant) + " UTC";
    }

    private static String scaled(double value, String unit) {
        String[] prefixes = {"", "k", "M", "G", "T"};
        int step = 0;
        while (value >= 1000 && step < prefixes.length - 1) {
            value /= 1000;
            step++;
        }
        String number = step == 0
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
        return number + " " + prefixes[step] + unit;
    }
}
