package io.shiftadd.tokenizer.jinja;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes JSON as Python's {@code json.dumps}. */
final class PythonJson {

    private static final int MAX_DEPTH = 100;

    /**
     * @param indent of a level; null for everything in one line
     */
    record Style(
            boolean asciiOnly, @Nullable String indent, String itemSeparator, String keySeparator, boolean sorted) {}

    private final Style style;
    private final Budget budget;
    private final StringBuilder out = new StringBuilder();

    private PythonJson(Style style, Budget budget) {
        this.style = style;
        this.budget = budget;
    }

    static String write(Object value, Style style, Budget budget) {
        PythonJson json = new PythonJson(style, budget);
        json.append(value, 0);
        return json.out.toString();
    }

    private void append(Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new JinjaException("a value is nested more than " + MAX_DEPTH + " deep");
        }
        budget.charge(8);
        switch (value) {
            case Map<?, ?> map -> appendMap(map, depth);
            case List<?> list -> appendList(list, depth);
            case String text -> appendText(text);
            default -> out.append(scalar(value));
        }
    }

    private static String scalar(Object value) {
        return switch (value) {
            case None nothing -> "null";
            case Boolean flag -> flag.toString();
            case Long number -> number.toString();
            case BigInteger number -> number.toString();
            case Double number ->
                number.isNaN()
                        ? "NaN"
                        : number.isInfinite() ? (number > 0 ? "Infinity" : "-Infinity") : PythonFormat.real(number);
            case Undefined nothing -> throw nothing.failure();
            default -> throw new JinjaException(Values.typeName(value) + " has no JSON");
        };
    }

    private void appendMap(Map<?, ?> map, int depth) {
        Iterator<? extends Map.Entry<?, ?>> entries = style.sorted()
                ? map.entrySet().stream()
                        .sorted(Comparator.comparing(Map.Entry::getKey, (a, b) -> Values.compare(a, b, budget)))
                        .iterator()
                : map.entrySet().iterator();
        out.append('{');
        while (entries.hasNext()) {
            Map.Entry<?, ?> entry = entries.next();
            newLine(depth + 1);
            Object key = entry.getKey();
            appendText(key instanceof String text ? text : scalar(key));
            out.append(style.keySeparator());
            append(entry.getValue(), depth + 1);
            separate(entries.hasNext(), depth);
        }
        out.append('}');
    }

    private void appendList(List<?> list, int depth) {
        Iterator<?> values = list.iterator();
        out.append('[');
        while (values.hasNext()) {
            newLine(depth + 1);
            append(values.next(), depth + 1);
            separate(values.hasNext(), depth);
        }
        out.append(']');
    }

    private void separate(boolean more, int depth) {
        if (more) {
            out.append(style.itemSeparator());
        } else {
            newLine(depth);
        }
    }

    private void newLine(int depth) {
        String indent = style.indent();
        if (indent != null) {
            budget.charge((long) indent.length() * depth);
            out.append('\n').repeat(indent, depth);
        }
    }

    private void appendText(String text) {
        budget.charge(text.length());
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 0x20 || style.asciiOnly() && c > 0x7e) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
