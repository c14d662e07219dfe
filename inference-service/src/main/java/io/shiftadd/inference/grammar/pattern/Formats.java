package io.shiftadd.inference.grammar.pattern;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The formats that restrict texts, as regular expressions. Each is narrow where validators differ: what is generated is
 * taken by all of them. Other names of formats say what a text is for and restrict nothing.
 */
public final class Formats {

    private static final String LEAP_YEAR =
            "(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)";
    private static final String YEAR = "(?!0000)\\d{4}";
    private static final String DATE =
            "(?:" + LEAP_YEAR + "-02-29|" + YEAR + "-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|"
                    + "(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8])))";
    /** Offsets as far as any place has them; a second 60 is refused by most readers. */
    private static final String TIME =
            "(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?(?:Z|[+-](?:0\\d|1[0-3]):[0-5]\\d|[+-]14:00)";

    private static final String DURATION =
            "P(?:\\d{1,6}W|\\d{1,6}D(?:T(?:\\d{1,6}H(?:\\d{1,6}M(?:\\d{1,6}S)?)?|\\d{1,6}M(?:\\d{1,6}S)?|\\d{1,6}S))?|"
                    + "T(?:\\d{1,6}H(?:\\d{1,6}M(?:\\d{1,6}S)?)?|\\d{1,6}M(?:\\d{1,6}S)?|\\d{1,6}S))";
    /** Two hyphens side by side are left to names in other scripts, which have rules of their own. */
    private static final String LABEL = "[A-Za-z0-9]{1,20}(?:-[A-Za-z0-9]{1,20}){0,2}";

    private static final String WORDS = "[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*";
    /** Of the whole, so that no part of it is longer than a name may be. */
    private static final String SHORT = "(?=.{1,63}$)";

    private static final String HOST = "(?:" + LABEL + "\\.){1,3}[A-Za-z]{2,12}";
    private static final String BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final String HEX = "[0-9a-fA-F]";
    private static final String GROUP = HEX + "{1,4}";

    private static final Set<String> WITHOUT_DOMAIN = Set.of("BL", "BQ", "EH", "MF", "UM");

    private static final Map<String, String> EXPRESSIONS = Map.ofEntries(
            Map.entry("date", DATE),
            Map.entry("time", TIME),
            Map.entry("date-time", DATE + "T" + TIME),
            Map.entry("duration", DURATION),
            Map.entry("uuid", uuid("[0-9a-fA-F]", HEX)),
            Map.entry("uuid1", uuid("1", "[89abAB]")),
            Map.entry("uuid3", uuid("3", "[89abAB]")),
            Map.entry("uuid4", uuid("4", "[89abAB]")),
            Map.entry("uuid5", uuid("5", "[89abAB]")),
            Map.entry("email", SHORT + "[A-Za-z0-9_+-]+(?:\\.[A-Za-z0-9_+-]+)*@(?:" + WORDS + "\\.)+" + topLevel()),
            Map.entry("hostname", SHORT + "(?:" + WORDS + "\\.)*[A-Za-z]+"),
            Map.entry("ipv4", "(?:" + BYTE + "\\.){3}" + BYTE),
            Map.entry("ipv6", ipv6()),
            Map.entry("uri", uri()));

    private Formats() {}

    /** A regular expression, or null when the format restricts nothing. */
    public static @Nullable String expression(String format) {
        String body = EXPRESSIONS.get(format);
        return body == null ? null : "^(?:" + body + ")$";
    }

    /** Of mail, some readers take domains only that exist at the top: those of countries, and the old ones. */
    private static String topLevel() {
        String countries = Arrays.stream(Locale.getISOCountries())
                .filter(country -> !WITHOUT_DOMAIN.contains(country))
                .map(country -> country.toLowerCase(Locale.ROOT))
                .collect(Collectors.joining("|"));
        return "(?:com|org|net|edu|gov|mil|int|info|biz|name|dev|app|uk|eu|" + countries + ")";
    }

    private static String uuid(String version, String variant) {
        return HEX + "{8}-" + HEX + "{4}-" + version + HEX + "{3}-" + variant + HEX + "{3}-" + HEX + "{12}";
    }

    /** Eight groups, or fewer with one gap (RFC 5952 writes it; all readers take any such place). */
    private static String ipv6() {
        StringBuilder all =
                new StringBuilder("(?:" + GROUP + ":){7}" + GROUP + "|::(?:" + GROUP + "(?::" + GROUP + "){0,6})?");
        for (int before = 1; before <= 6; before++) {
            all.append("|")
                    .append(GROUP)
                    .append("(?::")
                    .append(GROUP)
                    .append("){")
                    .append(before - 1)
                    .append("}::(?:");
            all.append(GROUP)
                    .append("(?::")
                    .append(GROUP)
                    .append("){0,")
                    .append(6 - before)
                    .append("})?");
        }
        return all.toString();
    }

    /** An address of the web: other schemes are seldom meant, and often refused. */
    private static String uri() {
        String letter = "(?:[A-Za-z0-9_.~!$&'()*+,;=:@-]|%" + HEX + "{2})";
        return "https?://" + HOST + "(?::[1-9]\\d{0,3})?(?:/" + letter + "*)*(?:\\?" + letter + "*)?(?:#" + letter
                + "*)?";
    }
}
