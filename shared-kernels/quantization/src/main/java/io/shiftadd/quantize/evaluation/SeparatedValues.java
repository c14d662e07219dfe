package io.shiftadd.quantize.evaluation;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Tables of values with a separator, RFC 4180: a value in quotes may hold separators, line ends and doubled quotes. A
 * quote that does not begin a value stands for itself.
 */
final class SeparatedValues {

    /** @param line on which it begins, from 1 */
    record Row(long line, List<String> values) {}

    private SeparatedValues() {}

    /** All rows but empty lines. */
    static List<Row> parse(Path file, String text, char separator) throws IOException {
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setDelimiter(separator)
                .setIgnoreEmptyLines(true)
                .setTrailingData(true)
                .get();
        List<Row> rows = new ArrayList<>();
        long end = 0;
        try (CSVParser parser = format.parse(new StringReader(text))) {
            for (CSVRecord row : parser) {
                end = parser.getCurrentLineNumber();
                if (row.size() > 1 || !row.get(0).isEmpty()) {
                    rows.add(new Row(end - lineEnds(row), row.toList()));
                }
            }
        } catch (UncheckedIOException unclosed) {
            throw new TaskFormatException(file, end + 1, "has a quote that is not closed", "quotes come in pairs");
        }
        return rows;
    }

    private static long lineEnds(CSVRecord row) {
        return row.stream()
                .mapToLong(value -> value.chars().filter(c -> c == '\n').count())
                .sum();
    }
}
