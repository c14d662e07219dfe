package io.shiftadd.quantize.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Tables of values with a separator, RFC 4180: a value in quotes may hold separators, line ends and doubled quotes. A
 * quote that does not begin a value stands for itself.
 */
final class SeparatedValues {

    /** @param line on which it begins, from 1 */
    record Row(long line, List<String> values) {}

    private final Path file;
    private final String text;
    private final char separator;
    private int at;
    private long line = 1;

    private SeparatedValues(Path file, String text, char separator) {
        this.file = file;
        this.text = text;
        this.separator = separator;
    }

    /** All rows but empty lines. */
    static List<Row> parse(Path file, String text, char separator) {
        SeparatedValues parser = new SeparatedValues(file, text, separator);
        List<Row> rows = new ArrayList<>();
        while (parser.at < text.length()) {
            Row row = parser.row();
            if (row.values().size() > 1 || !row.values().getFirst().isEmpty()) {
                rows.add(row);
            }
        }
        return rows;
    }

    private Row row() {
        long begin = line;
        List<String> values = new ArrayList<>();
        values.add(value());
        while (at < text.length() && text.charAt(at) == separator) {
            at++;
            values.add(value());
        }
        if (at < text.length() && text.charAt(at) == '\r') {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '\n') {
            at++;
            line++;
        }
        return new Row(begin, values);
    }

    private String value() {
        return at < text.length() && text.charAt(at) == '"' ? quoted() : plain();
    }

    private String plain() {
        int from = at;
        while (at < text.length() && text.charAt(at) != separator && !isEndOfLine()) {
            at++;
        }
        return text.substring(from, at);
    }

    private boolean isEndOfLine() {
        char here = text.charAt(at);
        return here == '\n' || (here == '\r' && (at + 1 == text.length() || text.charAt(at + 1) == '\n'));
    }

    private String quoted() {
        long begin = line;
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length()) {
            char here = text.charAt(at++);
            if (here == '\n') {
                line++;
            }
            if (here != '"') {
                value.append(here);
            } else if (at < text.length() && text.charAt(at) == '"') {
                value.append('"');
                at++;
            } else {
                return value.append(plain()).toString();
            }
        }
        throw new TaskFormatException(file, begin, "has a quote that is not closed", "quotes come in pairs");
    }
}
