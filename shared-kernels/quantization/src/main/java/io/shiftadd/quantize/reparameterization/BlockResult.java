package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.LinearLayer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A reparameterized decoder block.
 *
 * @param block its number, from 0
 * @param layers in execution order
 * @param seconds of wall-clock time, calibration passes included
 */
public record BlockResult(int block, List<LayerResult> layers, double seconds) {
    public BlockResult {
        layers = List.copyOf(layers);
    }

    /** The layers that are served, by their names. */
    public Map<String, LinearLayer> served() {
        Map<String, LinearLayer> served = new LinkedHashMap<>();
        layers.forEach(layer -> served.put(layer.layer(), layer.served()));
        return served;
    }

    /** The layers of several blocks. */
    public static Map<String, LinearLayer> served(List<BlockResult> blocks) {
        Map<String, LinearLayer> served = new LinkedHashMap<>();
        blocks.forEach(block -> served.putAll(block.served()));
        return served;
    }
}
