package io.shiftadd.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of texts in columns as wide as they need to be: the first and last to the left, the others to the right. */
public final class Table {

    private static final String INDENT = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    /** @param headings also say how many columns there are */
    public Table(String... headings) {
        rows.add(List.of(headings));
    }

    public Table row(String... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException("a row of %d cells in a table of %d columns"
                    .formatted(cells.length, rows.getFirst().size()));
        }
        rows.add(List.of(cells));
        return this;
    }

    /** Lines of text, the headings first. */
    public List<String> lines() {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int column = 0; column < columns; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = row.get(column);
            String gap = " ".repeat(widths[column] - cell.length());
            boolean left = column == 0 || column == widths.length - 1;
            line.append(INDENT).append(left ? cell + gap : gap + cell);
        }
        return line.toString().stripTrailing();
    }
}
