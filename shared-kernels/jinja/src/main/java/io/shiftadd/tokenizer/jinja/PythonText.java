package io.shiftadd.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What Python's strings do where Java's do otherwise. Positions count code points. */
final class PythonText {

    private PythonText() {}

    /** {@code str.isspace} of one character. */
    static boolean isSpace(int c) {
        return c >= 9 && c <= 13
                || c >= 0x1c && c <= 0x20
                || c == 0x85
                || Character.getType(c) == Character.SPACE_SEPARATOR
                || c == 0x2028
                || c == 0x2029;
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /**
     * @param characters to strip; null for white space
     */
    static String strip(String text, @Nullable String characters, boolean left, boolean right) {
        int from = 0;
        int to = text.length();
        while (left && from < to && strips(text.codePointAt(from), characters)) {
            from += Character.charCount(text.codePointAt(from));
        }
        while (right && to > from && strips(text.codePointBefore(to), characters)) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return text.substring(from, to);
    }

    private static boolean strips(int c, @Nullable String characters) {
        return characters == null ? isSpace(c) : characters.indexOf(c) >= 0;
    }

    /**
     * @param limit of splits, from the left; −1 for none
     */
    static List<Object> split(String text, String separator, long limit) {
        if (separator.isEmpty()) {
            throw new JinjaException("split: the separator is empty");
        }
        List<Object> parts = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator);
                at >= 0 && (limit < 0 || parts.size() < limit);
                at = text.indexOf(separator, from)) {
            parts.add(text.substring(from, at));
            from = at + separator.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    static List<Object> splitFromRight(String text, String separator, long limit) {
        List<Object> all = split(text, separator, -1);
        if (limit < 0 || all.size() <= limit + 1) {
            return all;
        }
        int joined = (int) (all.size() - limit);
        List<Object> parts = new ArrayList<>();
        StringBuilder first = new StringBuilder();
        for (int i = 0; i < joined; i++) {
            first.append(i == 0 ? "" : separator).append(all.get(i));
        }
        parts.add(first.toString());
        parts.addAll(all.subList(joined, all.size()));
        return parts;
    }

    /** At runs of white space. */
    static List<Object> words(String text, long limit) {
        List<Object> words = new ArrayList<>();
        int at = 0;
        while (true) {
            while (at < text.length() && isSpace(text.charAt(at))) {
                at++;
            }
            if (at == text.length()) {
                return words;
            }
            if (limit >= 0 && words.size() == limit) {
                words.add(strip(text.substring(at), null, false, true));
                return words;
            }
            int from = at;
            while (at < text.length() && !isSpace(text.charAt(at))) {
                at++;
            }
            words.add(text.substring(from, at));
        }
    }

    static List<Object> lines(String text, boolean keepEnds) {
        List<Object> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 10 && c <= 13 || c >= 0x1c && c <= 0x1e || c == 0x85 || c == 0x2028 || c == 0x2029) {
                int end = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n' ? i + 2 : i + 1;
                lines.add(text.substring(from, keepEnds ? end : i));
                from = end;
                i = end - 1;
            }
        }
        if (from < text.length()) {
            lines.add(text.substring(from));
        }
        return lines;
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return upperFirst(text.substring(0, first)) + text.substring(first).toLowerCase(Locale.ROOT);
    }

    private static String upperFirst(String letter) {
        int title = Character.toTitleCase(letter.codePointAt(0));
        return title == letter.codePointAt(0) ? letter.toUpperCase(Locale.ROOT) : Character.toString(title);
    }

    /** {@code str.title}: a word is a run of letters. */
    static String title(String text) {
        StringBuilder title = new StringBuilder(text.length());
        boolean[] inWord = {false};
        text.codePoints().forEach(c -> {
            title.appendCodePoint(inWord[0] ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inWord[0] = Character.isLetter(c);
        });
        return title.toString();
    }

    /** A literal's escapes, as in Python; what is none stays. */
    static String unescape(String literal) {
        if (literal.indexOf('\\') < 0) {
            return literal;
        }
        StringBuilder text = new StringBuilder(literal.length());
        for (int i = 0; i < literal.length(); i++) {
            char c = literal.charAt(i);
            if (c != '\\' || i + 1 == literal.length()) {
                text.append(c);
                continue;
            }
            char escape = literal.charAt(++i);
            int plain = "\\'\"abfnrtv".indexOf(escape);
            int digits = escape == 'x' ? 2 : escape == 'u' ? 4 : escape == 'U' ? 8 : 0;
            if (plain >= 0) {
                text.append("\\'\"\u0007\b\f\n\r\t\u000b".charAt(plain));
            } else if (digits > 0) {
                text.appendCodePoint(codePoint(literal, i + 1, digits));
                i += digits;
            } else if (escape >= '0' && escape <= '7') {
                int end = i;
                while (end < Math.min(i + 3, literal.length())
                        && literal.charAt(end) >= '0'
                        && literal.charAt(end) <= '7') {
                    end++;
                }
                text.append((char) Integer.parseInt(literal.substring(i, end), 8));
                i = end - 1;
            } else if (escape != '\n') {
                text.append('\\').append(escape);
            }
        }
        return text.toString();
    }

    private static int codePoint(String literal, int from, int digits) {
        try {
            int value = Integer.parseInt(literal.substring(from, Math.min(from + digits, literal.length())), 16);
            if (from + digits <= literal.length() && Character.isValidCodePoint(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new JinjaException("a string has a malformed escape: " + e.getMessage());
        }
        throw new JinjaException("a string has a malformed escape");
    }
}
