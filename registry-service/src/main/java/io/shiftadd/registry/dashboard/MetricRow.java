package io.shiftadd.registry.dashboard;

import java.util.Map;

/** A metric of a job in words: its name and its value with its unit. */
public record MetricRow(String title, String text) {

    private static final Map<String, String> TITLES = Map.ofEntries(
            Map.entry("perplexity_original", "Perplexity of the original"),
            Map.entry("perplexity_reparameterized", "Perplexity of the result"),
            Map.entry("kl_divergence", "KL divergence from the original, nats a token"),
            Map.entry("top1_agreement", "Same most likely token, or class, as the original"),
            Map.entry("accuracy_original", "Right classes of the original"),
            Map.entry("accuracy_reparameterized", "Right classes of the result"),
            Map.entry("accuracy_unbalanced", "Right classes of the result, routers as trained"),
            Map.entry("expert_microseconds_dense", "Dense expert, microseconds a token"),
            Map.entry("expert_microseconds_shift", "Shift expert, microseconds a token"),
            Map.entry("expert_share_shift_trained", "Tokens of the shift expert, routers as trained"),
            Map.entry("expert_share_shift", "Tokens of the shift expert"),
            Map.entry("accuracy_error_original", "Their standard error, of the original"),
            Map.entry("accuracy_error_reparameterized", "Their standard error, of the result"),
            Map.entry("top5_accuracy_original", "Right class among five, of the original"),
            Map.entry("top5_accuracy_reparameterized", "Right class among five, of the result"),
            Map.entry("tune_loss_first", "Tuning: loss at the first step"),
            Map.entry("tune_loss_last", "Tuning: loss of the last steps"),
            Map.entry("tune_steps", "Tuning: steps"),
            Map.entry("tune_tokens", "Tuning: tokens of the last run"),
            Map.entry("tune_seconds", "Tuning: time of the last run, its text included"),
            Map.entry("tune_tokens_per_second", "Tuning: tokens a second"),
            Map.entry("perplexity", "Perplexity"),
            Map.entry("perplexity_baseline", "Perplexity of the other model"),
            Map.entry("size_bytes_original", "Size of the original"),
            Map.entry("size_bytes_reparameterized", "Size of the result"),
            Map.entry("layer_bytes_fp16", "Its linear layers in float16"),
            Map.entry("layer_bytes_packed", "Its linear layers, packed"),
            Map.entry("mean_bits", "Mean bits of a weight"),
            Map.entry("bits_per_weight", "Bits of a weight with its scales"),
            Map.entry("energy_picojoules_per_token_original", "Energy of a token of the original, estimated"),
            Map.entry("energy_picojoules_per_token_reparameterized", "Energy of a token of the result, estimated"),
            Map.entry("energy_picojoules_per_image_original", "Energy of an image of the original, estimated"),
            Map.entry("energy_picojoules_per_image_reparameterized", "Energy of an image of the result, estimated"),
            Map.entry("kendall_tau", "Cheap criterion against measured loss (Kendall's τ)"),
            Map.entry("peak_memory_bytes", "Most memory of the worker"),
            Map.entry("seconds_total", "Time of the job"));

    static MetricRow of(String name, double value, Figures figures) {
        return new MetricRow(title(name), text(name, value, figures));
    }

    /** One that is new here reads as its name does. */
    private static String title(String name) {
        String words = name.replace('_', ' ');
        return TITLES.getOrDefault(name, Character.toUpperCase(words.charAt(0)) + words.substring(1));
    }

    private static String text(String name, double value, Figures figures) {
        if (name.equals("top1_agreement") || name.contains("accuracy") || name.startsWith("expert_share")) {
            return figures.percent(value);
        }
        if (name.equals("kl_divergence") || name.startsWith("tune_loss")) {
            return figures.number(value, 4);
        }
        if (name.equals("tune_seconds")) {
            return figures.seconds(value);
        }
        if (name.startsWith("tune_")) {
            return figures.number(value, 0);
        }
        if (name.startsWith("perplexity")) {
            return figures.perplexity(value);
        }
        if (name.contains("bits")) {
            return figures.bits(value);
        }
        if (name.contains("bytes")) {
            return figures.bytes(value);
        }
        if (name.contains("picojoules")) {
            return figures.energy(value);
        }
        return name.startsWith("seconds") ? figures.seconds(value) : figures.number(value, 3);
    }
}
