package io.shiftadd.registry.dashboard;

import io.shiftadd.cost.ModelCost;
import io.shiftadd.cost.Operation;
import io.shiftadd.cost.OperationCounts;
import io.shiftadd.cost.PriceList;
import io.shiftadd.format.FormatException;
import io.shiftadd.registry.model.ModelView;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One measure of cost, of the original and of the reparameterized model.
 *
 * @param share of the original's cost that is left
 */
public record CostBar(String label, String before, String after, double share) {

    private static final int FULL = 1000;
    private static final int FLOAT16 = 2;

    /**
     * What a model takes of what its original takes; read off its files. None when they cannot be read here.
     *
     * @param originalBytes of the original's files; null when it is not registered any more
     */
    static List<CostBar> of(ModelView model, @Nullable Long originalBytes, Figures figures) {
        ModelCost cost;
        try {
            cost = ModelCost.of(Path.of(model.location()));
        } catch (FormatException | UncheckedIOException | IllegalArgumentException e) {
            return List.of();
        }
        OperationCounts before = cost.original();
        OperationCounts after = cost.stored();
        Bars bars = new Bars(before, after);
        if (originalBytes != null) {
            bars.add("Size of the model", originalBytes, model.sizeBytes(), figures::bytes);
        }
        bars.add(
                "Its linear layers in memory",
                cost.layerWeights() * FLOAT16,
                cost.bytes().layers(),
                figures::bytes);
        String unit = cost.isOfImages() ? "an image" : "a token";
        bars.add("Weights read for " + unit, figures::bytes, Operation.DRAM_BYTE);
        bars.add("Multiplications for " + unit, figures::count, Operation.FP16_MULTIPLY);
        bars.add(
                "Additions and shifts for " + unit,
                figures::count,
                Operation.FP16_ADD,
                Operation.INT32_ADD,
                Operation.INT32_SHIFT);
        bars.add("Energy for " + unit + ", estimated", before.picojoules(), after.picojoules(), figures::energy);
        bars.add(
                "Energy of its arithmetic alone, as of float32",
                before.picojoules(PriceList.ARITHMETIC),
                after.picojoules(PriceList.ARITHMETIC),
                figures::energy);
        return bars.all;
    }

    /** The part of it that the job wrote down, for files that are not on this machine. */
    static List<CostBar> of(Map<String, Double> metrics, Figures figures) {
        Bars bars = new Bars(OperationCounts.NONE, OperationCounts.NONE);
        bars.add("Size of the model", metrics, "size_bytes_original", "size_bytes_reparameterized", figures::bytes);
        bars.add("Its linear layers in memory", metrics, "layer_bytes_fp16", "layer_bytes_packed", figures::bytes);
        bars.add(
                "Energy for a token, estimated",
                metrics,
                "energy_picojoules_per_token_original",
                "energy_picojoules_per_token_reparameterized",
                figures::energy);
        bars.add(
                "Energy for an image, estimated",
                metrics,
                "energy_picojoules_per_image_original",
                "energy_picojoules_per_image_reparameterized",
                figures::energy);
        return bars.all;
    }

    private static final class Bars {

        private final List<CostBar> all = new ArrayList<>();
        private final OperationCounts before;
        private final OperationCounts after;

        private Bars(OperationCounts before, OperationCounts after) {
            this.before = before;
            this.after = after;
        }

        private void add(String label, Function<Number, String> unit, Operation... operations) {
            add(label, sum(before, operations), sum(after, operations), unit);
        }

        private void add(
                String label,
                Map<String, Double> metrics,
                String original,
                String made,
                Function<Number, String> unit) {
            if (metrics.containsKey(original) && metrics.containsKey(made)) {
                add(label, metrics.get(original), metrics.get(made), unit);
            }
        }

        private void add(String label, double original, double made, Function<Number, String> unit) {
            if (original > 0) {
                all.add(new CostBar(label, unit.apply(original), unit.apply(made), made / original));
            }
        }

        private static double sum(OperationCounts counts, Operation... operations) {
            double sum = 0;
            for (Operation operation : operations) {
                sum += counts.of(operation);
            }
            return sum;
        }
    }

    /** Length of the original's bar; the longer of the two has 1000. */
    public long widthBefore() {
        return Math.round(FULL / Math.max(1, share));
    }

    /** Length of the reparameterized model's bar. */
    public long widthAfter() {
        return Math.max(1, Math.round(FULL * Math.min(1, share)));
    }
}
