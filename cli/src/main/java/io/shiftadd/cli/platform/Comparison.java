package io.shiftadd.cli.platform;

import io.shiftadd.cli.Table;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The table of before and after, from the metrics of a job. A metric that is absent leaves its row out. */
public final class Comparison {

    private static final double PICO_TO_MICRO = 1e-6;
    private static final double MEGA = 1e6;
    private static final int FP16_BITS = 16;
    private static final int PERCENT = 100;

    private final JsonNode metrics;
    private final Table rows;

    private Comparison(JsonNode metrics, Table rows) {
        this.metrics = metrics;
        this.rows = rows;
    }

    /**
     * @param original name of the original model
     * @param result name of the reparameterized model
     * @return lines of text, the heading first
     */
    public static List<String> lines(String original, String result, JsonNode metrics) {
        Comparison table = new Comparison(metrics, new Table("", original, result, ""));
        table.perplexity();
        table.pair("size of the model", "size_bytes_original", "size_bytes_reparameterized", 1 / MEGA, "%.2f MB");
        table.pair("its linear layers", "layer_bytes_fp16", "layer_bytes_packed", 1 / MEGA, "%.2f MB");
        table.bits();
        table.pair(
                "energy a token, estimated",
                "energy_picojoules_per_token_original",
                "energy_picojoules_per_token_reparameterized",
                PICO_TO_MICRO,
                "%.1f µJ");
        table.single("memory of the job", "peak_memory_bytes", 1 / MEGA, "%.0f MB at the peak");
        table.single("time of the job", "seconds_total", 1, "%.1f s");
        return table.rows.lines();
    }

    private void perplexity() {
        if (has("perplexity_original", "perplexity_reparameterized")) {
            double before = value("perplexity_original");
            double after = value("perplexity_reparameterized");
            rows.row(
                    "perplexity",
                    "%.3f".formatted(before),
                    "%.3f".formatted(after),
                    "%+.1f %%".formatted((after / before - 1) * PERCENT));
        }
    }

    private void bits() {
        if (has("bits_per_weight", "mean_bits")) {
            rows.row(
                    "bits a weight",
                    Integer.toString(FP16_BITS),
                    "%.2f".formatted(value("bits_per_weight")),
                    "%.2f and scales".formatted(value("mean_bits")));
        }
    }

    private void pair(String label, String before, String after, double factor, String format) {
        if (has(before, after)) {
            rows.row(
                    label,
                    format.formatted(value(before) * factor),
                    format.formatted(value(after) * factor),
                    "%.1f %%".formatted(value(after) / value(before) * PERCENT));
        }
    }

    private void single(String label, String name, double factor, String format) {
        if (has(name)) {
            rows.row(label, "", format.formatted(value(name) * factor), "");
        }
    }

    private boolean has(String... names) {
        for (String name : names) {
            if (!metrics.path(name).isNumber()) {
                return false;
            }
        }
        return true;
    }

    private double value(String name) {
        return metrics.path(name).asDouble();
    }
}
