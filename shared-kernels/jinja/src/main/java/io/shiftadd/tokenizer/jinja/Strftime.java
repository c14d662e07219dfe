package io.shiftadd.tokenizer.jinja;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The time now in the format of Python's {@code strftime}, in English. */
final class Strftime {

    private static final int MAX_FORMAT = 1000;

    private Strftime() {}

    static String format(String format, Clock clock) {
        if (format.length() > MAX_FORMAT) {
            throw new JinjaException("strftime_now: a format of " + format.length() + " characters");
        }
        ZonedDateTime now = ZonedDateTime.now(clock);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                out.append(c);
                continue;
            }
            char directive = format.charAt(++i);
            if (directive == '-' && i + 1 < format.length()) {
                // Of the GNU C library: without leading zeros.
                String padded = field(format.charAt(++i), now);
                out.append(padded.replaceFirst("^[0 ]+(?=.)", ""));
            } else {
                out.append(field(directive, now));
            }
        }
        return out.toString();
    }

    private static String field(char directive, ZonedDateTime now) {
        return switch (directive) {
            case '%' -> "%";
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'D', 'x' -> pattern("MM/dd/yy", now);
            case 'F' -> pattern("yyyy-MM-dd", now);
            case 'T', 'X' -> pattern("HH:mm:ss", now);
            case 'R' -> pattern("HH:mm", now);
            case 'r' -> pattern("hh:mm:ss a", now);
            case 'c' -> pattern("EEE MMM ", now) + field('e', now) + pattern(" HH:mm:ss yyyy", now);
            case 'e' -> "%2d".formatted(now.getDayOfMonth());
            case 's' -> String.valueOf(now.toEpochSecond());
            case 'w' -> String.valueOf(now.getDayOfWeek().getValue() % 7);
            case 'u' -> String.valueOf(now.getDayOfWeek().getValue());
            case 'C' -> "%02d".formatted(now.getYear() / 100);
            case 'z' -> pattern("xx", now);
            case 'Z' -> pattern("zzz", now);
            case 'f' -> "%06d".formatted(now.getNano() / 1000);
            default -> {
                String pattern = switch (directive) {
                    case 'Y' -> "yyyy";
                    case 'y' -> "yy";
                    case 'm' -> "MM";
                    case 'B' -> "MMMM";
                    case 'b', 'h' -> "MMM";
                    case 'd' -> "dd";
                    case 'j' -> "DDD";
                    case 'A' -> "EEEE";
                    case 'a' -> "EEE";
                    case 'H' -> "HH";
                    case 'I' -> "hh";
                    case 'M' -> "mm";
                    case 'S' -> "ss";
                    case 'p' -> "a";
                    case 'G' -> "YYYY";
                    case 'V' -> "ww";
                    default -> "";
                };
                yield pattern.isEmpty() ? "%" + directive : pattern(pattern, now);
            }
        };
    }

    private static String pattern(String pattern, ZonedDateTime now) {
        // The locale of weeks as ISO 8601 has them, with English names.
        return DateTimeFormatter.ofPattern(pattern, Locale.forLanguageTag("en-US-u-rg-gbzzzz"))
                .format(now);
    }
}
