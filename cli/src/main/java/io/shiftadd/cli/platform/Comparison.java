package io.shiftadd.cli.platform;

import io.shiftadd.cli.Table;
import io.shiftadd.cost.Quantity;
import java.util.List;
import java.util.function.DoubleFunction;
import tools.jackson.databind.JsonNode;

/** The table of before and after, from the metrics of a job. A metric that is absent leaves its row out. */
public final class Comparison {

    private static final int FP16_BITS = 16;

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
        table.pair("size of the model", "size_bytes_original", "size_bytes_reparameterized", Quantity::bytes);
        table.pair("its linear layers", "layer_bytes_fp16", "layer_bytes_packed", Quantity::bytes);
        table.bits();
        table.pair(
                "energy a token, estimated",
                "energy_picojoules_per_token_original",
                "energy_picojoules_per_token_reparameterized",
                Quantity::energy);
        table.pair(
                "energy an image, estimated",
                "energy_picojoules_per_image_original",
                "energy_picojoules_per_image_reparameterized",
                Quantity::energy);
        table.single("memory of the job", "peak_memory_bytes", bytes -> Quantity.bytes(bytes) + " at the peak");
        table.single("time of the job", "seconds_total", Quantity::seconds);
        return table.rows.lines();
    }

    private void perplexity() {
        if (has("perplexity_original", "perplexity_reparameterized")) {
            double before = value("perplexity_original");
            double after = value("perplexity_reparameterized");
            rows.row(
                    "perplexity",
                    Quantity.perplexity(before),
                    Quantity.perplexity(after),
                    Quantity.change(before, after));
        }
    }

    private void bits() {
        if (has("bits_per_weight", "mean_bits")) {
            rows.row(
                    "bits a weight",
                    Integer.toString(FP16_BITS),
                    Quantity.bits(value("bits_per_weight")),
                    Quantity.bits(value("mean_bits")) + " and scales");
        }
    }

    private void pair(String label, String before, String after, DoubleFunction<String> words) {
        if (has(before, after)) {
            rows.row(
                    label,
                    words.apply(value(before)),
                    words.apply(value(after)),
                    Quantity.share(value(after) / value(before)));
        }
    }

    private void single(String label, String name, DoubleFunction<String> words) {
        if (has(name)) {
            rows.row(label, "", words.apply(value(name)), "");
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
