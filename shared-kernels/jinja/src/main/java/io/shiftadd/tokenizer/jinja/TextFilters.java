package io.shiftadd.tokenizer.jinja;

import io.shiftadd.tokenizer.jinja.PythonJson.Style;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Filters of strings and numbers. Most take any value and print it first. */
final class TextFilters {

    private static final int MAX_INDENT = 1000;
    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern WORD_START = Pattern.compile("[-\\s({\\[<]+|[^-\\s({\\[<]+");
    private static final Pattern NUMBER = Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d{1,4})?");

    private final Budget budget;

    TextFilters(Budget budget) {
        this.budget = budget;
    }

    /** Null when there is no such filter here. */
    @Nullable
    Object apply(String name, Object value, Arguments arguments) {
        return switch (name) {
            case "string", "safe" -> name.equals("string") ? plain(value, arguments) : value;
            case "upper" -> plain(value, arguments).toUpperCase(Locale.ROOT);
            case "lower" -> plain(value, arguments).toLowerCase(Locale.ROOT);
            case "capitalize" -> PythonText.capitalize(plain(value, arguments));
            case "title" -> title(plain(value, arguments));
            case "trim" -> trim(value, arguments);
            case "replace" -> replace(value, arguments);
            case "indent" -> indent(value, arguments);
            case "center" -> center(value, arguments);
            case "truncate" -> truncate(value, arguments);
            case "format" -> PercentFormat.format(text(value), arguments.positional(0, Integer.MAX_VALUE), budget);
            case "e", "escape", "forceescape" -> {
                String plain = plain(value, arguments);
                budget.charge(5L * plain.length());
                yield escape(plain);
            }
            case "urlencode" ->
                URLEncoder.encode(plain(value, arguments), StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("*", "%2A")
                        .replace("%7E", "~")
                        .replace("%2F", "/");
            case "wordcount" -> WORD.matcher(plain(value, arguments)).results().count();
            case "tojson" -> json(value, arguments);
            case "abs" -> Operators.signed(value, Values.real(value) < 0);
            case "int" -> integer(value, arguments);
            case "float" -> real(value, arguments);
            case "round" -> round(value, arguments);
            default -> null;
        };
    }

    private String text(Object value) {
        String text = PythonFormat.str(value, budget);
        budget.charge(text.length());
        return text;
    }

    private String plain(Object value, Arguments arguments) {
        arguments.positional(0, 0);
        return text(value);
    }

    private static String title(String text) {
        StringBuilder title = new StringBuilder(text.length());
        Matcher part = WORD_START.matcher(text);
        while (part.find()) {
            title.append(PythonText.capitalize(part.group()));
        }
        return title.toString();
    }

    private Object trim(Object value, Arguments arguments) {
        Object characters = arguments.bind(0, "chars")[0];
        boolean isSpace = characters == null || characters == None.NONE;
        return PythonText.strip(text(value), isSpace ? null : TextMethods.string(characters), true, true);
    }

    private Object replace(Object value, Arguments arguments) {
        @Nullable Object[] given = arguments.bind(2, "old", "new", "count");
        long limit = given[2] == null || given[2] == None.NONE ? -1 : Values.integer(given[2]);
        return TextMethods.replace(text(value), text(given(given, 0)), text(given(given, 1)), limit, budget);
    }

    /** An argument that {@link Arguments#bind} has made sure of. */
    private static Object given(@Nullable Object[] bound, int i) {
        Object value = bound[i];
        if (value == null) {
            throw new IllegalStateException("argument " + i);
        }
        return value;
    }

    private static boolean isTrue(@Nullable Object flag, boolean otherwise) {
        return flag == null ? otherwise : Values.isTrue(flag);
    }

    private Object indent(Object value, Arguments arguments) {
        @Nullable Object[] given = arguments.bind(0, "width", "first", "blank");
        String indent = given[0] instanceof String text
                ? text
                : " ".repeat(Math.clamp(given[0] == null ? 4 : Values.integer(given[0]), 0, MAX_INDENT));
        boolean indentsBlank = isTrue(given[2], false);
        List<Object> lines = PythonText.lines(text(value) + "\n", false);
        StringBuilder indented = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            String line = (String) lines.get(i);
            budget.charge(indent.length() + line.length() + 1L);
            boolean isIndented = i == 0 ? isTrue(given[1], false) : indentsBlank || !line.isEmpty();
            indented.append(i == 0 ? "" : "\n").append(isIndented ? indent : "").append(line);
        }
        return indented.toString();
    }

    private Object center(Object value, Arguments arguments) {
        Object width = arguments.bind(0, "width")[0];
        String text = text(value);
        int padding = Math.clamp(
                (width == null ? 80 : Values.integer(width)) - PythonText.length(text), 0, Integer.MAX_VALUE);
        budget.charge(padding);
        int left = padding / 2 + (padding & (padding + PythonText.length(text)) & 1);
        return " ".repeat(left) + text + " ".repeat(padding - left);
    }

    private Object truncate(Object value, Arguments arguments) {
        @Nullable Object[] given = arguments.bind(0, "length", "killwords", "end", "leeway");
        String text = text(value);
        String end = given[2] == null ? "..." : TextMethods.string(given[2]);
        long length = given[0] == null ? 255 : Values.integer(given[0]);
        long leeway = given[3] == null || given[3] == None.NONE ? 5 : Values.integer(given[3]);
        int endLength = PythonText.length(end);
        if (length < endLength || leeway < 0) {
            throw new JinjaException("the length is less than that of '" + end + "'");
        }
        if (PythonText.length(text) <= length + leeway) {
            return text;
        }
        String cut = text.substring(0, text.offsetByCodePoints(0, (int) (length - endLength)));
        if (!isTrue(given[1], false)) {
            int space = cut.lastIndexOf(' ');
            cut = space < 0 ? cut : cut.substring(0, space);
        }
        return cut + end;
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }

    /** As transformers redefines it: nothing is escaped for HTML. */
    private Object json(Object value, Arguments arguments) {
        @Nullable Object[] given = arguments.bind(0, "ensure_ascii", "indent", "separators", "sort_keys");
        String indent = switch (given[1]) {
            case null -> null;
            case None nothing -> null;
            case String text -> text;
            default -> " ".repeat(Math.clamp(Values.integer(given[1]), 0, MAX_INDENT));
        };
        String betweenItems = indent == null ? ", " : ",";
        String betweenKeyAndValue = ": ";
        if (given[2] instanceof List<?> separators && separators.size() == 2) {
            betweenItems = TextMethods.string(separators.get(0));
            betweenKeyAndValue = TextMethods.string(separators.get(1));
        }
        Style style =
                new Style(isTrue(given[0], false), indent, betweenItems, betweenKeyAndValue, isTrue(given[3], false));
        return PythonJson.write(value, style, budget);
    }

    private Object integer(Object value, Arguments arguments) {
        @Nullable Object[] given = arguments.bind(0, "default", "base");
        Object otherwise = given[0] == null ? 0L : given[0];
        int base = given[1] == null ? 10 : Math.clamp(Values.integer(given[1]), 2, 36);
        return switch (value) {
            case Long number -> number;
            case BigInteger number -> number;
            case Boolean flag -> Values.integer(flag);
            case Double number ->
                Double.isFinite(number) && Math.abs(number) < Long.MAX_VALUE ? (Object) number.longValue() : otherwise;
            case String text -> {
                String digits = PythonText.strip(text, null, true, true).replaceAll("(?<=\\w)_(?=\\w)", "");
                try {
                    String prefix = base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : "\n";
                    boolean hasPrefix = digits.toLowerCase(Locale.ROOT).startsWith(prefix);
                    yield Integers.parse(hasPrefix ? digits.substring(2) : digits, base);
                } catch (NumberFormatException e) {
                    yield real(digits) instanceof Double number && Math.abs(number) < Long.MAX_VALUE
                            ? (Object) number.longValue()
                            : otherwise;
                }
            }
            default -> otherwise;
        };
    }

    private static @Nullable Double real(String text) {
        return text.length() < 400 && NUMBER.matcher(text).matches() ? Double.valueOf(text) : null;
    }

    private static Object real(Object value, Arguments arguments) {
        Object given = arguments.bind(0, "default")[0];
        Object otherwise = given == null ? 0.0 : given;
        if (value instanceof String text) {
            Double number = real(PythonText.strip(text, null, true, true));
            return number == null ? otherwise : number;
        }
        return Values.isNumber(value) ? Values.real(value) : otherwise;
    }

    private Object round(Object value, Arguments arguments) {
        @Nullable Object[] given = arguments.bind(0, "precision", "method");
        int precision = given[0] == null ? 0 : (int) Math.clamp(Values.integer(given[0]), -400, 400);
        RoundingMode mode = switch (given[1] == null ? "common" : PythonFormat.str(given[1], budget)) {
            case "common" -> RoundingMode.HALF_EVEN;
            case "ceil" -> RoundingMode.CEILING;
            case "floor" -> RoundingMode.FLOOR;
            default -> throw new JinjaException("the method is 'common', 'ceil' or 'floor'");
        };
        if (!Values.isNumber(value)) {
            throw new JinjaException(Values.typeName(value) + " is no number");
        }
        double number = Values.real(value);
        if (!Double.isFinite(number)) {
            return number;
        }
        double rounded = new BigDecimal(number).setScale(precision, mode).doubleValue();
        return value instanceof Long whole && mode == RoundingMode.HALF_EVEN && precision >= 0
                ? (Object) whole
                : rounded;
    }
}
