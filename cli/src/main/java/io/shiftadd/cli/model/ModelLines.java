package io.shiftadd.cli.model;

import io.shiftadd.cli.Figures;
import io.shiftadd.cli.Table;
import io.shiftadd.cost.Quantity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Models as lines of text. */
final class ModelLines {

    private static final int LABEL = 24;

    private ModelLines() {}

    static String sentence(JsonNode model) {
        return "%s: %s, %s weights, %s"
                .formatted(
                        model.path("name").asString(),
                        model.path("family").asString(),
                        Quantity.count(model.path("parameters").asDouble()),
                        Quantity.bytes(model.path("sizeBytes").asDouble()));
    }

    static List<String> table(List<JsonNode> models, Instant now) {
        Table table = new Table("NAME", "FAMILY", "WEIGHTS", "SIZE", "BITS", "REGISTERED");
        for (JsonNode model : models) {
            table.row(
                    model.path("name").asString(),
                    model.path("family").asString(),
                    Quantity.count(model.path("parameters").asDouble()),
                    Quantity.bytes(model.path("sizeBytes").asDouble()),
                    bits(model),
                    Figures.ago(model.path("createdAt").asString(""), now));
        }
        return table.lines();
    }

    /** Method and bits; empty for an original. */
    static String bits(JsonNode model) {
        return model.path("meanBits").isNumber()
                ? "%s %s"
                        .formatted(
                                model.path("method").asString(""),
                                Quantity.bits(model.path("meanBits").asDouble()))
                : "";
    }

    /**
     * All that is known of a model.
     *
     * @param cost as the registry counts it
     * @param metrics what jobs have measured of it
     * @param parent the name of the model that it was made from; empty for an original
     */
    static List<String> details(JsonNode model, JsonNode cost, JsonNode metrics, String parent) {
        List<String> lines = new ArrayList<>();
        JsonNode shape = model.path("shape");
        add(lines, "name", model.path("name").asString());
        add(lines, "family", model.path("family").asString());
        add(lines, "made from", parent);
        add(lines, "method, mean bits", bits(model));
        add(lines, "weights", Quantity.count(model.path("parameters").asDouble()));
        add(lines, "size of the files", Quantity.bytes(model.path("sizeBytes").asDouble()));
        add(
                lines,
                "bits a weight, all",
                Quantity.bits(cost.path("bitsPerParameter").asDouble()));
        add(
                lines,
                "its linear layers",
                "%s, %s bits a weight, scales with them"
                        .formatted(
                                Quantity.bytes(cost.at("/bytes/planes").asDouble()
                                        + cost.at("/bytes/scales").asDouble()
                                        + cost.at("/bytes/rotations").asDouble()
                                        + cost.at("/bytes/denseLayers").asDouble()),
                                Quantity.bits(cost.path("bitsPerLayerWeight").asDouble())));
        add(
                lines,
                "energy " + ("image".equals(cost.path("unit").asString("")) ? "an image" : "a token") + ", estimated",
                Quantity.energy(cost.at("/layers/stored/picojoules").asDouble()
                        + cost.at("/head/stored/picojoules").asDouble()));
        add(lines, "context", shape.path("contextLength").asInt() + " tokens");
        add(
                lines,
                "shape",
                "%d blocks, %d wide, %d heads, %d tokens known"
                        .formatted(
                                shape.path("layers").asInt(),
                                shape.path("hiddenSize").asInt(),
                                shape.path("heads").asInt(),
                                shape.path("vocabularySize").asInt()));
        measured(lines, metrics.path("metrics"));
        add(lines, "files", model.path("location").asString());
        add(lines, "digest", model.path("digest").asString());
        return lines;
    }

    private static void measured(List<String> lines, JsonNode values) {
        if (values.path("perplexity_reparameterized").isNumber()) {
            add(
                    lines,
                    "perplexity",
                    "%s, its original %s"
                            .formatted(
                                    Quantity.perplexity(values.path("perplexity_reparameterized")
                                            .asDouble()),
                                    Quantity.perplexity(
                                            values.path("perplexity_original").asDouble())));
        }
    }

    private static void add(List<String> lines, String label, String value) {
        if (!value.isEmpty()) {
            lines.add("  %-" + LABEL + "s  %s");
            lines.set(lines.size() - 1, lines.getLast().formatted(label, value));
        }
    }
}
