package io.shiftadd.registry.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One measure of cost, of the original and of the reparameterized model.
 *
 * @param share of the original's cost that is left
 */
public record CostBar(String label, String before, String after, double share) {

    private static final int FULL = 1000;

    static List<CostBar> of(Map<String, Double> metrics, Figures figures) {
        List<CostBar> bars = new ArrayList<>();
        add(bars, "Size of the model", metrics, "size_bytes_original", "size_bytes_reparameterized", figures::bytes);
        add(bars, "Its linear layers", metrics, "layer_bytes_fp16", "layer_bytes_packed", figures::bytes);
        for (String name : metrics.keySet()) {
            if (name.endsWith("_original") && !name.startsWith("size_bytes") && !name.startsWith("perplexity")) {
                String base = name.substring(0, name.length() - "_original".length());
                Function<Number, String> unit = unit(base, figures);
                add(bars, label(base), metrics, name, base + "_reparameterized", unit);
            }
        }
        return bars;
    }

    private static void add(
            List<CostBar> bars,
            String label,
            Map<String, Double> metrics,
            String before,
            String after,
            Function<Number, String> unit) {
        Double original = metrics.get(before);
        Double made = metrics.get(after);
        if (original != null && made != null && original > 0) {
            bars.add(new CostBar(label, unit.apply(original), unit.apply(made), made / original));
        }
    }

    private static String label(String metric) {
        return switch (metric) {
            case "energy_picojoules_per_token" -> "Energy a token, estimated";
            default -> {
                String words = metric.replace('_', ' ');
                yield Character.toUpperCase(words.charAt(0)) + words.substring(1);
            }
        };
    }

    private static Function<Number, String> unit(String metric, Figures figures) {
        if (metric.contains("picojoules")) {
            return figures::energy;
        }
        return metric.contains("bytes") ? figures::bytes : figures::count;
    }

    /** Length of the bar of the reparameterized model, where the original's is 1000. */
    public long width() {
        return Math.max(1, Math.round(Math.min(share, 1) * FULL));
    }
}
