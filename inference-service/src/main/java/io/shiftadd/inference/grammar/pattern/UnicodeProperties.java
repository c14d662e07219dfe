package io.shiftadd.inference.grammar.pattern;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The properties of characters that {@code \p{…}} names: general categories, scripts, and the binary ones that the JDK
 * knows. Safe for use by several threads.
 */
final class UnicodeProperties {

    /** Masks of {@link Character#getType}, by the names that ECMA-262 has for a category. */
    private static final Map<String, Integer> CATEGORIES = categories(
            "Lu Uppercase_Letter 1|Ll Lowercase_Letter 2|Lt Titlecase_Letter 3|Lm Modifier_Letter 4|Lo Other_Letter 5",
            "L Letter 1 2 3 4 5|LC Cased_Letter 1 2 3",
            "Mn Nonspacing_Mark 6|Me Enclosing_Mark 7|Mc Spacing_Mark 8|M Mark Combining_Mark 6 7 8",
            "Nd Decimal_Number digit 9|Nl Letter_Number 10|No Other_Number 11|N Number 9 10 11",
            "Zs Space_Separator 12|Zl Line_Separator 13|Zp Paragraph_Separator 14|Z Separator 12 13 14",
            "Cc Control cntrl 15|Cf Format 16|Co Private_Use 18|Cn Unassigned 0",
            "Pd Dash_Punctuation 20|Ps Open_Punctuation 21|Pe Close_Punctuation 22|Pc Connector_Punctuation 23",
            "Po Other_Punctuation 24|Pi Initial_Punctuation 29|Pf Final_Punctuation 30",
            "P Punctuation punct 20 21 22 23 24 29 30",
            "Sm Math_Symbol 25|Sc Currency_Symbol 26|Sk Modifier_Symbol 27|So Other_Symbol 28|S Symbol 25 26 27 28");

    private static final Map<String, IntPredicate> BINARY = Map.ofEntries(
            Map.entry("Any", c -> true),
            Map.entry("ASCII", c -> c < 0x80),
            Map.entry("Assigned", Character::isDefined),
            Map.entry("Alphabetic", Character::isAlphabetic),
            Map.entry("Alpha", Character::isAlphabetic),
            Map.entry("Uppercase", Character::isUpperCase),
            Map.entry("Upper", Character::isUpperCase),
            Map.entry("Lowercase", Character::isLowerCase),
            Map.entry("Lower", Character::isLowerCase),
            Map.entry("Ideographic", Character::isIdeographic),
            Map.entry("Emoji", Character::isEmoji),
            Map.entry("Emoji_Presentation", Character::isEmojiPresentation),
            Map.entry("Emoji_Modifier", Character::isEmojiModifier),
            Map.entry("Emoji_Modifier_Base", Character::isEmojiModifierBase),
            Map.entry("Emoji_Component", Character::isEmojiComponent),
            Map.entry("Extended_Pictographic", Character::isExtendedPictographic),
            Map.entry("Regional_Indicator", c -> c >= 0x1F1E6 && c <= 0x1F1FF));

    /** Going through all characters takes some milliseconds; there are no more names than the tables have. */
    private static final Map<String, CharSet> FOUND = new ConcurrentHashMap<>();

    private UnicodeProperties() {}

    /** @param lines entries of names and numbers */
    private static Map<String, Integer> categories(String... lines) {
        return Stream.of(lines)
                .flatMap(line -> Stream.of(line.split("\\|")))
                .flatMap(entry -> {
                    int mask = Stream.of(entry.split(" "))
                            .filter(word -> Character.isDigit(word.charAt(0)))
                            .mapToInt(word -> 1 << Integer.parseInt(word))
                            .sum();
                    return Stream.of(entry.split(" "))
                            .filter(word -> !Character.isDigit(word.charAt(0)))
                            .map(name -> Map.entry(name, mask));
                })
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The characters that have a property, written as between the braces; null when it is not known. */
    static @Nullable CharSet of(String written) {
        CharSet found = FOUND.get(written);
        if (found == null) {
            IntPredicate property = property(written);
            if (property == null) {
                return null;
            }
            found = CharSet.where(property);
            FOUND.put(written, found);
        }
        return found;
    }

    private static @Nullable IntPredicate property(String written) {
        int equals = written.indexOf('=');
        String value = written.substring(equals + 1);
        return switch (equals < 0 ? "" : written.substring(0, equals)) {
            case "" -> BINARY.containsKey(value) ? BINARY.get(value) : category(value);
            case "gc", "General_Category" -> category(value);
            case "sc", "Script" -> script(value);
            default -> null;
        };
    }

    private static @Nullable IntPredicate category(String name) {
        Integer mask = CATEGORIES.get(name);
        return mask == null ? null : c -> (mask >> Character.getType(c) & 1) == 1;
    }

    private static @Nullable IntPredicate script(String name) {
        try {
            Character.UnicodeScript script = Character.UnicodeScript.forName(name.toUpperCase(Locale.ROOT));
            return c -> Character.UnicodeScript.of(c) == script;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
