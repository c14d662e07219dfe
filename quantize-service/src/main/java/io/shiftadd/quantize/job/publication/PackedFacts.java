package io.shiftadd.quantize.job.publication;

import io.shiftadd.cost.ModelCost;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The metrics that can be read off an artifact: sizes and bits of its linear layers, and the energy that a token, or an
 * image, is estimated to take, head included.
 */
record PackedFacts(ModelCost cost) {

    static final String ENERGY_OF_TOKEN = "energy_picojoules_per_token_";
    static final String ENERGY_OF_IMAGE = "energy_picojoules_per_image_";
    static final String ORIGINAL = "original";
    static final String REPARAMETERIZED = "reparameterized";

    private static final int FP16_BYTES = 2;

    static PackedFacts read(Path artifact) {
        return new PackedFacts(ModelCost.of(artifact));
    }

    /** Mean of the layers' bits, weighted by their parameters. */
    double meanBits() {
        return cost.meanBits();
    }

    Map<String, Double> metrics() {
        double weights = cost.layerWeights();
        double packedBytes = cost.bytes().layers();
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("layer_bytes_fp16", weights * FP16_BYTES);
        metrics.put("layer_bytes_packed", packedBytes);
        metrics.put("mean_bits", meanBits());
        metrics.put("bits_per_weight", packedBytes * Byte.SIZE / weights);
        String energy = cost.isOfImages() ? ENERGY_OF_IMAGE : ENERGY_OF_TOKEN;
        metrics.put(energy + ORIGINAL, cost.original().picojoules());
        metrics.put(energy + REPARAMETERIZED, cost.stored().picojoules());
        return metrics;
    }
}
