package io.shiftadd.cli.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How mean bits were divided among the layers.
 *
 * @param kendallTau of the cheap criterion and the measured errors
 * @param bits by layer, in the order in which they run
 */
record Allocation(@JsonProperty("kendall_tau") double kendallTau, Map<String, Integer> bits) {

    private static final Pattern BLOCK = Pattern.compile("^(?:.*?\\.)?(\\d+)\\.(.+)$");

    /** How many layers have how many bits. */
    Map<Integer, Integer> layersByBits() {
        Map<Integer, Integer> layers = new TreeMap<>();
        bits.values().forEach(of -> layers.merge(of, 1, Integer::sum));
        return layers;
    }

    /** {@code self_attn.q_proj 223, mlp.up_proj 322}: of each kind of layer a digit for each block. */
    String digits() {
        Map<String, StringBuilder> kinds = new LinkedHashMap<>();
        bits.forEach((layer, of) -> {
            Matcher block = BLOCK.matcher(layer);
            kinds.computeIfAbsent(block.matches() ? block.group(2) : layer, _ -> new StringBuilder())
                    .append(of);
        });
        List<String> parts = new ArrayList<>();
        kinds.forEach((kind, digits) -> parts.add(kind + " " + digits));
        return String.join(", ", parts);
    }
}
