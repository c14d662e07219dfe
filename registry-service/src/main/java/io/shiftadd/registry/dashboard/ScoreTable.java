package io.shiftadd.registry.dashboard;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Scores of models side by side: a row for each measure, a column for each model. */
public record ScoreTable(List<String> models, List<Line> lines) {

    /** @param scores in the order of the models; null where one was not measured */
    public record Line(String title, long examples, boolean share, List<@Nullable ScoreRow> scores) {}

    /** @param scores by model */
    static ScoreTable of(Map<String, List<ScoreRow>> scores) {
        Map<String, ScoreRow> measures = new LinkedHashMap<>();
        scores.values().forEach(rows -> rows.forEach(row -> measures.putIfAbsent(row.key(), row)));
        List<Line> lines = measures.values().stream()
                .map(measure -> new Line(
                        measure.title(),
                        measure.examples(),
                        measure.share(),
                        scores.values().stream()
                                .map(rows -> find(rows, measure))
                                .toList()))
                .toList();
        return new ScoreTable(List.copyOf(scores.keySet()), lines);
    }

    private static @Nullable ScoreRow find(List<ScoreRow> rows, ScoreRow measure) {
        return rows.stream()
                .filter(row -> row.key().equals(measure.key()))
                .findFirst()
                .orElse(null);
    }

    public boolean isEmpty() {
        return lines.isEmpty();
    }
}
