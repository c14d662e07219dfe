package io.shiftadd.quantize.job.step;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.DType;
import io.shiftadd.format.SafetensorsWriter;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.kernel.PackedLinearFormat;
import io.shiftadd.quantize.reparameterization.LayerResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The file with the packed layers of one block, or the head: the tensors that go into the artifact as they are. */
public final class PackedBlocks {

    private PackedBlocks() {}

    /** Layers after tuning, whose biases keep all their bits. */
    static void writeTuned(Path target, Map<String, PackedLinear> layers) {
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        layers.forEach((name, layer) -> PackedLinearFormat.write(name, layer, DType.F32, writer));
        writer.write(target);
    }

    /** @param source tells the type in which the original keeps a layer's bias */
    static void write(Path target, List<LayerResult> layers, Checkpoint source) {
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        for (LayerResult layer : layers) {
            PackedLinearFormat.write(layer.layer(), layer.served(), biasType(layer.layer(), source), writer);
        }
        writer.write(target);
    }

    private static DType biasType(String layer, Checkpoint source) {
        String bias = layer + ".bias";
        return source.contains(bias) ? source.tensor(bias).dtype() : DType.F32;
    }
}
