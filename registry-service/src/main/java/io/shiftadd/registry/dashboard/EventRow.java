package io.shiftadd.registry.dashboard;

import io.shiftadd.cost.Quantity;
import java.time.Instant;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A line of a job's event log. */
public record EventRow(long id, Instant at, String type, String data) {

    private static final Pattern SECONDS = Pattern.compile("\"seconds\"\\s*:\\s*(\\d[\\d.eE+-]*)");
    private static final Figures FIGURES = new Figures();

    /** Its data without the signs of JSON, figures as bars and tables have them. */
    public String text() {
        if (type.equals("metric")) {
            JsonNode metric = JsonMapper.shared().readTree(data);
            if (metric.path("value").isNumber()) {
                MetricRow row = MetricRow.of(
                        metric.path("name").asString(""), metric.path("value").asDouble(), FIGURES);
                return row.title() + ": " + row.text();
            }
        }
        return SECONDS.matcher(data)
                .replaceAll(found -> "took " + Quantity.seconds(Double.parseDouble(found.group(1))))
                .replaceAll("[{}\"]", "")
                .replaceAll("\\s*:\\s*", " ")
                .replaceAll("(-?\\d+\\.\\d{3})\\d+", "$1");
    }
}
