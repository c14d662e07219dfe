package io.shiftadd.quantize.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Columns of a table by their names in its header row. */
final class Table {

    private Table() {}

    /** The values of the wanted columns in one row, in the order in which they were wanted. */
    record Line(Path file, long number, List<String> columns, List<String> values) {

        String text(int column) {
            String value = values.get(column);
            if (value.isBlank()) {
                throw new TaskFormatException(
                        file, number, "has nothing in column '" + columns.get(column) + "'", "no value is blank");
            }
            return value;
        }

        int number(int column, int least, int most) {
            String value = values.get(column).strip();
            for (int i = least; i <= most; i++) {
                if (value.equals(Integer.toString(i))) {
                    return i;
                }
            }
            throw new TaskFormatException(
                    file,
                    number,
                    "has '" + value + "' in column '" + columns.get(column) + "'",
                    "a number from " + least + " to " + most);
        }
    }

    static List<Line> read(Path file, char separator, List<String> columns) throws IOException {
        List<SeparatedValues.Row> rows = SeparatedValues.parse(file, TaskFile.read(file), separator);
        if (rows.size() < 2) {
            throw new TaskFormatException(file, 0, "has " + rows.size() + " rows", "a header and at least one example");
        }
        List<String> header = rows.getFirst().values();
        List<Integer> places = new ArrayList<>();
        for (String column : columns) {
            int place = header.indexOf(column);
            if (place < 0) {
                throw new TaskFormatException(
                        file,
                        rows.getFirst().line(),
                        "has no column '" + column + "'",
                        "the header row names " + String.join(", ", columns));
            }
            places.add(place);
        }
        List<Line> lines = new ArrayList<>();
        for (SeparatedValues.Row row : rows.subList(1, rows.size())) {
            if (row.values().size() != header.size()) {
                throw new TaskFormatException(
                        file,
                        row.line(),
                        "has " + row.values().size() + " values",
                        "the header row has " + header.size());
            }
            List<String> values =
                    places.stream().map(place -> row.values().get(place)).toList();
            lines.add(new Line(file, row.line(), columns, values));
        }
        return lines;
    }
}
