package io.shiftadd.registry.dashboard;

import io.shiftadd.cost.Quantity;
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
        return bytes == null ? UNKNOWN : Quantity.bytes(bytes.doubleValue());
    }

    /** A count in thousands, millions or billions. */
    public String count(@Nullable Number count) {
        return count == null ? UNKNOWN : Quantity.count(count.doubleValue());
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
        return share == null ? UNKNOWN : Quantity.share(share.doubleValue());
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
                : Quantity.change(before.doubleValue(), after.doubleValue());
    }

    public String perplexity(@Nullable Number perplexity) {
        return perplexity == null || !Double.isFinite(perplexity.doubleValue())
                ? UNKNOWN
                : Quantity.perplexity(perplexity.doubleValue());
    }

    /** Of a weight. */
    public String bits(@Nullable Number bits) {
        return bits == null ? UNKNOWN : Quantity.bits(bits.doubleValue());
    }

    public String seconds(@Nullable Number seconds) {
        return seconds == null ? UNKNOWN : Quantity.seconds(seconds.doubleValue());
    }

    /** Picojoules in a unit that fits. */
    public String energy(@Nullable Number picojoules) {
        return picojoules == null ? UNKNOWN : Quantity.energy(picojoules.doubleValue());
    }

    public String time(@Nullable Instant instant) {
        return instant == null ? UNKNOWN : TIME.format(instant) + " UTC";
    }
}
