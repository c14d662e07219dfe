package io.shiftadd.tokenizer.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code '%s and %.2f' % (a, b)} and {@code '{} and {1}'.format(a, b)}, as far as templates use them. */
final class PercentFormat {

    private static final int MAX_WIDTH = 1000;

    private static final Pattern PLACE = Pattern.compile("%([-0+ ]*)(\\d*)(?:\\.(\\d+))?([a-zA-Z%]?)");
    private static final Pattern FIELD = Pattern.compile("\\{\\{|\\}\\}|\\{(\\w*)\\}|[{}]");

    private PercentFormat() {}

    static String format(String format, List<?> values, Budget budget) {
        StringBuilder out = new StringBuilder();
        Matcher place = PLACE.matcher(format);
        int at = 0;
        int used = 0;
        while (place.find()) {
            out.append(format, at, place.start());
            at = place.end();
            if (place.group(4).equals("%")) {
                out.append('%');
                continue;
            }
            if (used == values.size()) {
                throw new JinjaException("not enough values for the format '" + format + "'");
            }
            append(out, place, values.get(used++), budget);
        }
        if (used < values.size()) {
            throw new JinjaException("too many values for the format '" + format + "'");
        }
        budget.charge(format.length());
        return out.append(format.substring(at)).toString();
    }

    private static void append(StringBuilder out, Matcher place, Object value, Budget budget) {
        int precision = place.group(3) == null ? -1 : number(place.group(3));
        String text = switch (place.group(4)) {
            case "s" -> limited(PythonFormat.str(value, budget), precision);
            case "r" -> limited(PythonFormat.repr(value, budget), precision);
            case "d", "i", "u" ->
                String.valueOf(value instanceof Double real ? (Object) (long) (double) real : Integers.big(value));
            case "x" -> Long.toHexString(Values.integer(value));
            case "X" -> Long.toHexString(Values.integer(value)).toUpperCase(Locale.ROOT);
            case "f", "F" -> fixed(value, precision < 0 ? 6 : precision);
            default -> throw new JinjaException("the format '" + place.group() + "' is not supported");
        };
        String flags = place.group(1);
        boolean isNumber = !"sr".contains(place.group(4));
        if (isNumber && !text.startsWith("-")) {
            text = (flags.contains("+") ? "+" : flags.contains(" ") ? " " : "") + text;
        }
        int width = place.group(2).isEmpty() ? 0 : number(place.group(2));
        int padding = Math.max(0, width - PythonText.length(text));
        budget.charge((long) text.length() + padding);
        if (flags.contains("-")) {
            out.append(text).repeat(' ', padding);
        } else if (isNumber && flags.contains("0")) {
            int sign = "+- ".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
            out.append(text, 0, sign).repeat('0', padding).append(text, sign, text.length());
        } else {
            out.repeat(' ', padding).append(text);
        }
    }

    private static String limited(String text, int precision) {
        return precision < 0 || PythonText.length(text) <= precision
                ? text
                : text.substring(0, text.offsetByCodePoints(0, precision));
    }

    private static String fixed(Object value, int precision) {
        if (!Values.isNumber(value)) {
            throw new JinjaException(Values.typeName(value) + " is no number");
        }
        double number = Values.real(value);
        return Double.isFinite(number)
                ? new BigDecimal(number)
                        .setScale(precision, RoundingMode.HALF_EVEN)
                        .toPlainString()
                : PythonFormat.real(number);
    }

    private static int number(String digits) {
        if (digits.length() > 4 || Integer.parseInt(digits) > MAX_WIDTH) {
            throw new JinjaException("a format asks for more than " + MAX_WIDTH + " characters");
        }
        return Integer.parseInt(digits);
    }

    /** Fields by number or name; no attributes, conversions or widths. */
    static String fields(String format, Arguments arguments, Budget budget) {
        StringBuilder out = new StringBuilder();
        Matcher field = FIELD.matcher(format);
        int at = 0;
        int next = 0;
        while (field.find()) {
            out.append(format, at, field.start());
            at = field.end();
            String name = field.group(1);
            if (name == null) {
                if (field.group().length() == 1) {
                    throw new JinjaException("the format '" + format + "' is not supported");
                }
                out.append(field.group().charAt(0));
                continue;
            }
            boolean isNumber = name.isEmpty() || name.chars().allMatch(c -> c >= '0' && c <= '9');
            int index = isNumber ? name.isEmpty() ? next++ : number(name) : -1;
            Object value = isNumber
                    ? index < arguments.values().size() ? arguments.values().get(index) : null
                    : arguments.named().get(name);
            if (value == null) {
                throw new JinjaException("the format '" + format + "' lacks a value for '" + name + "'");
            }
            String text = PythonFormat.str(value, budget);
            budget.charge(text.length());
            out.append(text);
        }
        budget.charge(format.length());
        return out.append(format.substring(at)).toString();
    }
}
