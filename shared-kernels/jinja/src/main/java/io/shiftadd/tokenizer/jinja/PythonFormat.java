package io.shiftadd.tokenizer.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Values as Python's {@code str} and {@code repr} write them. */
final class PythonFormat {

    private static final int MAX_DEPTH = 100;

    private final Budget budget;
    private final StringBuilder out = new StringBuilder();

    private PythonFormat(Budget budget) {
        this.budget = budget;
    }

    static String str(Object value, Budget budget) {
        return switch (value) {
            case String text -> text;
            case Undefined nothing -> "";
            default -> repr(value, budget);
        };
    }

    static String repr(Object value, Budget budget) {
        PythonFormat format = new PythonFormat(budget);
        format.append(value, 0);
        return format.out.toString();
    }

    private void append(Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new JinjaException("a value is nested more than " + MAX_DEPTH + " deep");
        }
        budget.charge(8);
        switch (value) {
            case None nothing -> out.append("None");
            case Boolean flag -> out.append(flag ? "True" : "False");
            case Long number -> out.append(number.longValue());
            case BigInteger number -> {
                budget.charge(number.bitLength());
                out.append(number);
            }
            case Double number -> out.append(real(number));
            case String text -> appendText(text);
            case Undefined nothing -> out.append("Undefined");
            case Tuple tuple -> {
                appendAll("(", tuple, depth);
                out.append(tuple.size() == 1 ? ",)" : ")");
            }
            case List<?> list -> {
                appendAll("[", list, depth);
                out.append(']');
            }
            case Map<?, ?> map -> appendMap(map, depth);
            default -> throw new JinjaException(Values.typeName(value) + " cannot be printed");
        }
    }

    private void appendAll(String opening, List<?> items, int depth) {
        out.append(opening);
        String separator = "";
        for (Object item : items) {
            out.append(separator);
            append(item, depth + 1);
            separator = ", ";
        }
    }

    private void appendMap(Map<?, ?> map, int depth) {
        out.append('{');
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<?, ?> entry = entries.next();
            append(entry.getKey(), depth + 1);
            out.append(": ");
            append(entry.getValue(), depth + 1);
            out.append(entries.hasNext() ? ", " : "");
        }
        out.append('}');
    }

    private void appendText(String text) {
        budget.charge(text.length());
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c == quote) {
                        out.append('\\').append(quote);
                    } else if (isPrintable(c)) {
                        out.appendCodePoint(c);
                    } else {
                        out.append((c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x").formatted(c));
                    }
                }
            }
        });
        out.append(quote);
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    /** The shortest digits that give the number back, with an exponent below 1e-4 and from 1e16. */
    static String real(double number) {
        if (!Double.isFinite(number)) {
            return Double.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0.0" : "0.0";
        }
        BigDecimal digits = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            return digits.scale() <= 0 ? digits.toPlainString() + ".0" : digits.toPlainString();
        }
        String all = digits.unscaledValue().abs().toString();
        return (number < 0 ? "-" : "")
                + all.charAt(0)
                + (all.length() > 1 ? "." + all.substring(1) : "")
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }
}
