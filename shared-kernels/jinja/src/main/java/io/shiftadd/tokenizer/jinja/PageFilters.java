package io.shiftadd.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Filters that were made for pages, which chat templates hardly need. */
final class PageFilters {

    private static final List<String> UNITS = List.of("k", "M", "G", "T", "P", "E", "Z", "Y");
    private static final Pattern ENTITY = Pattern.compile("&(lt|gt|amp|quot|apos|nbsp|#\\d{1,7}|#x[0-9a-fA-F]{1,6});");
    private static final Pattern CHUNK = Pattern.compile("[\\t\\n\\x0b\\f\\r ]+|[^\\t\\n\\x0b\\f\\r ]+");
    private static final Pattern HYPHENATED = Pattern.compile("[^-]*[\\p{L}\\d_]-+(?=[\\p{L}\\d_])|.+", Pattern.DOTALL);

    private final Budget budget;

    PageFilters(Budget budget) {
        this.budget = budget;
    }

    /** Null when there is no such filter here. */
    @Nullable
    Object apply(String name, Object value, Arguments arguments) {
        return switch (name) {
            case "striptags" -> {
                arguments.positional(0, 0);
                yield stripTags(text(value));
            }
            case "filesizeformat" -> fileSize(value, arguments);
            case "wordwrap" -> wrap(value, arguments);
            case "pprint" -> {
                arguments.positional(0, 0);
                yield PythonFormat.repr(sorted(value, 0), budget);
            }
            case "xmlattr" -> attributes(value, arguments);
            default -> null;
        };
    }

    private String text(Object value) {
        String text = PythonFormat.str(value, budget);
        budget.charge(2L * text.length());
        return text;
    }

    private static String stripTags(String text) {
        String bare = without(without(text, "<!--", "-->"), "<", ">");
        String joined = String.join(
                " ", PythonText.words(bare, -1).stream().map(String::valueOf).toList());
        return ENTITY.matcher(joined).replaceAll(entity -> Matcher.quoteReplacement(character(entity.group(1))));
    }

    private static String without(String text, String begin, String end) {
        StringBuilder rest = new StringBuilder(text.length());
        int from = 0;
        for (int at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, from)) {
            int until = text.indexOf(end, at + begin.length());
            if (until < 0) {
                break;
            }
            rest.append(text, from, at);
            from = until + end.length();
        }
        return rest.append(text, from, text.length()).toString();
    }

    private static String character(String entity) {
        return switch (entity) {
            case "lt" -> "<";
            case "gt" -> ">";
            case "amp" -> "&";
            case "quot" -> "\"";
            case "apos" -> "'";
            case "nbsp" -> "\u00A0";
            default -> {
                boolean isHex = entity.charAt(1) == 'x';
                int code = Integer.parseInt(entity.substring(isHex ? 2 : 1), isHex ? 16 : 10);
                boolean isCharacter = Character.isValidCodePoint(code) && code != 0;
                yield isCharacter ? Character.toString(code) : "\uFFFD";
            }
        };
    }

    private static Object fileSize(Object value, Arguments arguments) {
        Object binary = arguments.bind(0, "binary")[0];
        boolean isBinary = binary != null && Values.isTrue(binary);
        double base = isBinary ? 1024 : 1000;
        double bytes = value instanceof String text ? number(text) : Values.real(value);
        if (bytes == 1) {
            return "1 Byte";
        }
        if (bytes < base) {
            return (long) bytes + " Bytes";
        }
        double unit = base;
        int i = 0;
        for (; i < UNITS.size() - 1 && bytes >= unit * base; i++) {
            unit *= base;
        }
        String prefix = isBinary ? UNITS.get(i).toUpperCase(Locale.ROOT) + "i" : UNITS.get(i);
        return String.format(Locale.ROOT, "%.1f %sB", bytes / unit, prefix);
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException _) {
            throw new JinjaException("'" + text + "' is no number");
        }
    }

    private Object wrap(Object value, Arguments arguments) {
        @Nullable Object[] given = arguments.bind(0, "width", "break_long_words", "wrapstring", "break_on_hyphens");
        long width = given[0] == null ? 79 : Values.integer(given[0]);
        boolean breaksWords = given[1] == null || Values.isTrue(given[1]);
        String between = given[2] == null || given[2] == None.NONE ? "\n" : TextMethods.string(given[2]);
        boolean breaksAtHyphens = given[3] == null || Values.isTrue(given[3]);
        if (width < 1) {
            throw new JinjaException("the width is not above 0");
        }
        List<String> wrapped = new ArrayList<>();
        for (Object line : PythonText.lines(text(value), false)) {
            List<String> lines = wrapLine((String) line, (int) Math.min(width, 1 << 30), breaksWords, breaksAtHyphens);
            budget.charge((long) lines.size() * (8 + between.length()));
            wrapped.add(String.join(between, lines));
        }
        return String.join(between, wrapped);
    }

    /** As Python's textwrap: white space goes where a line is broken, and words longer than a line are cut. */
    private static List<String> wrapLine(String text, int width, boolean breaksWords, boolean breaksAtHyphens) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String chunk : chunks(text, breaksAtHyphens)) {
            boolean isSpace = chunk.isBlank();
            int from = 0;
            while (breaksWords && !isSpace && chunk.length() - from > width) {
                int taken = Math.max(0, width - line.length());
                lines.add(line.append(chunk, from, from + taken).toString().stripTrailing());
                line.setLength(0);
                from += taken;
            }
            if (line.length() + chunk.length() - from > width && !line.isEmpty()) {
                lines.add(line.toString().stripTrailing());
                line.setLength(0);
            }
            if (!(isSpace && line.isEmpty() && !lines.isEmpty())) {
                line.append(chunk, from, chunk.length());
            }
        }
        if (!line.toString().isBlank()) {
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private static List<String> chunks(String text, boolean breaksAtHyphens) {
        List<String> chunks = new ArrayList<>();
        Matcher words = CHUNK.matcher(text);
        while (words.find()) {
            Matcher parts = HYPHENATED.matcher(words.group());
            while (breaksAtHyphens && parts.find()) {
                chunks.add(parts.group());
            }
            if (!breaksAtHyphens) {
                chunks.add(words.group());
            }
        }
        return chunks;
    }

    /** Python's pprint has maps in the order of their keys. */
    private Object sorted(Object value, int depth) {
        budget.charge(1);
        if (depth > 64) {
            throw new JinjaException("a value is nested more than 64 deep");
        }
        return switch (value) {
            case Map<?, ?> map -> {
                Map<Object, Object> ordered = new TreeMap<>((a, b) -> Values.compare(a, b, budget));
                map.forEach((key, item) -> ordered.put(key, sorted(item, depth + 1)));
                yield ordered;
            }
            case Tuple tuple ->
                new Tuple(tuple.stream().map(item -> sorted(item, depth + 1)).toList());
            case List<?> list ->
                list.stream().map(item -> sorted(item, depth + 1)).toList();
            default -> value;
        };
    }

    private Object attributes(Object value, Arguments arguments) {
        Object spaced = arguments.bind(0, "autospace")[0];
        if (!(value instanceof Map<?, ?> map)) {
            throw new JinjaException(Values.typeName(value) + " is no map");
        }
        List<String> pairs = new ArrayList<>();
        map.forEach((key, item) -> {
            if (item != None.NONE && !(item instanceof Undefined)) {
                String name = PythonFormat.str(key, budget);
                if (name.chars().anyMatch(c -> c <= ' ' || c == '/' || c == '>' || c == '=')) {
                    throw new JinjaException("'" + name + "' is no name of an attribute");
                }
                String text = TextFilters.escape(PythonFormat.str(item, budget));
                budget.charge(name.length() + text.length() + 4L);
                pairs.add(TextFilters.escape(name) + "=\"" + text + "\"");
            }
        });
        String joined = String.join(" ", pairs);
        boolean hasSpace = spaced == null || Values.isTrue(spaced);
        return hasSpace && !joined.isEmpty() ? " " + joined : joined;
    }
}
