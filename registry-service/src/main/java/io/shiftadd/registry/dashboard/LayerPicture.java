package io.shiftadd.registry.dashboard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The layers of a model as a grid of cells: a row for each kind of layer, a column for each block. Every cell has two
 * colours, one for bits and one for its output error on a scale from the least to the largest of this model.
 */
public record LayerPicture(
        List<String> kinds, int blocks, List<Cell> cells, List<Integer> bits, double least, double largest) {

    private static final List<String> ORDER = List.of(
            "q_proj",
            "k_proj",
            "v_proj",
            "query_key_value",
            "o_proj",
            "out_proj",
            "self_attention.dense",
            "gate_proj",
            "up_proj",
            "fc1",
            "dense_h_to_4h",
            "down_proj",
            "fc2",
            "dense_4h_to_h");

    private static final int CELL = 34;
    private static final int STEPS = 9;
    private static final int LABELS = 130;
    private static final int HEAD = 22;

    /** @param shade of the error, 0 to 9; -1 when it was not measured */
    public record Cell(int x, int y, int bits, int shade, String error, String title) {}

    static LayerPicture of(List<LayerRow> layers, Figures figures) {
        List<String> order = layers.stream()
                .map(LayerRow::kind)
                .distinct()
                .sorted(Comparator.comparingInt(LayerPicture::rank).thenComparing(Comparator.naturalOrder()))
                .toList();
        double least =
                errors(layers).stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double largest =
                errors(layers).stream().mapToDouble(Double::doubleValue).max().orElse(0);
        List<Cell> cells = new ArrayList<>();
        for (LayerRow layer : layers) {
            String error = figures.error(layer.outputError());
            String title = String.format(
                    Locale.ROOT,
                    "block %d, %s: %d bits, output error %s, %d × %d",
                    layer.block() + 1,
                    layer.kind(),
                    layer.bits(),
                    error,
                    layer.outputs(),
                    layer.inputs());
            cells.add(new Cell(
                    LABELS + layer.block() * CELL,
                    HEAD + order.indexOf(layer.kind()) * CELL,
                    layer.bits(),
                    shade(layer.outputError(), least, largest),
                    error,
                    title));
        }
        int blocks = layers.stream().mapToInt(LayerRow::block).max().orElse(-1) + 1;
        List<Integer> bits =
                layers.stream().map(LayerRow::bits).distinct().sorted().toList();
        return new LayerPicture(order, blocks, cells, bits, least, largest);
    }

    /** As they run: attention before the MLP, into it before out of it. */
    private static int rank(String kind) {
        for (int rank = 0; rank < ORDER.size(); rank++) {
            if (kind.endsWith(ORDER.get(rank))) {
                return rank;
            }
        }
        return ORDER.size();
    }

    private static List<Double> errors(List<LayerRow> layers) {
        return layers.stream()
                .map(LayerRow::outputError)
                .filter(Objects::nonNull)
                .toList();
    }

    private static int shade(@Nullable Double error, double least, double largest) {
        if (error == null) {
            return -1;
        }
        return largest <= least ? 0 : (int) Math.round((error - least) / (largest - least) * STEPS);
    }

    public int width() {
        return LABELS + blocks * CELL + 2;
    }

    public int height() {
        return HEAD + kinds.size() * CELL + 2;
    }

    public int cell() {
        return CELL;
    }

    public int labels() {
        return LABELS;
    }

    public int head() {
        return HEAD;
    }
}
