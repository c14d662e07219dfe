package io.shiftadd.quantize.job;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.kernel.PackedLinearFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What can be read off the packed layers of an artifact: sizes, bits, and the energy estimate that follows from them. */
record PackedFacts(List<EnergyModel.Layer> layers) {

    private static final int FP16_BYTES = 2;

    static PackedFacts read(Path artifact, Collection<String> names) {
        List<EnergyModel.Layer> layers = new ArrayList<>();
        try (Checkpoint checkpoint = Checkpoint.open(artifact)) {
            for (String name : names) {
                PackedLinear layer = (PackedLinear) PackedLinearFormat.read(name, checkpoint);
                layers.add(new EnergyModel.Layer(
                        layer.outputs(), layer.inputs(), layer.bits(), layer.terms(), layer.weightBytes()));
            }
        }
        return new PackedFacts(List.copyOf(layers));
    }

    /** Mean of the layers' bits, weighted by their parameters. */
    double meanBits() {
        return layers.stream()
                        .mapToDouble(layer -> layer.weights() * layer.bits())
                        .sum()
                / weights();
    }

    Map<String, Double> metrics() {
        double packedBytes =
                layers.stream().mapToDouble(EnergyModel.Layer::packedBytes).sum();
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("layer_bytes_fp16", weights() * FP16_BYTES);
        metrics.put("layer_bytes_packed", packedBytes);
        metrics.put("mean_bits", meanBits());
        metrics.put("bits_per_weight", packedBytes * Byte.SIZE / weights());
        metrics.put("energy_picojoules_per_token_original", EnergyModel.original(layers));
        metrics.put("energy_picojoules_per_token_reparameterized", EnergyModel.packed(layers));
        return metrics;
    }

    private double weights() {
        return layers.stream().mapToDouble(EnergyModel.Layer::weights).sum();
    }
}
