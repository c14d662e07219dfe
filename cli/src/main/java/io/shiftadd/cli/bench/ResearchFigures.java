package io.shiftadd.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Perplexities that the authors' own research code reached on the same models, texts and windows, where they are known.
 */
final class ResearchFigures {

    /** Its only mixed allocation, 2.2 bits on average. */
    private static final double MIXED_BITS = 2.2;

    private final JsonNode figures;

    private ResearchFigures(JsonNode figures) {
        this.figures = figures;
    }

    /** @param file need not exist */
    static ResearchFigures read(Path file) {
        JsonMapper json = JsonMapper.builder().build();
        try {
            return new ResearchFigures(
                    Files.exists(file) ? json.readTree(Files.readAllBytes(file)) : json.createObjectNode());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Perplexity of the same model, method and bits; of any shift-and-add method, the one mixed figure. */
    OptionalDouble perplexity(AccuracyRow row) {
        boolean shiftsAndAdds = row.method().equals("acc") || row.method().equals("lat");
        String key = row.bits() == Math.rint(row.bits())
                ? row.method().replace("lut-gemm", "lut").replace("-paper", "") + (int) row.bits()
                : shiftsAndAdds && row.bits() == MIXED_BITS ? "mixlat" : "";
        JsonNode value = figures.path(row.model()).path(key);
        return value.isNumber() ? OptionalDouble.of(value.asDouble()) : OptionalDouble.empty();
    }

    /** Share of the research code's excess perplexity that the row is below it by. */
    OptionalDouble gain(AccuracyRow row) {
        JsonNode original = figures.path(row.model()).path("fp");
        OptionalDouble theirs = perplexity(row);
        if (theirs.isEmpty() || !original.isNumber()) {
            return OptionalDouble.empty();
        }
        double ours = row.perplexity() - row.originalPerplexity();
        return OptionalDouble.of(1 - ours / (theirs.getAsDouble() - original.asDouble()));
    }
}
