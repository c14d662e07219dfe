package io.shiftadd.quantize.reparameterization;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.DType;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.kernel.PackedLinearFormat;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The file of one layer that was fitted apart from its block: as it is served, its bias in full, and how good it is.
 */
final class FittedLayer {

    private static final String LAYER = "layer";
    private static final String BITS = "bits";
    private static final String WEIGHT_ERROR = "weight_error";
    private static final String OUTPUT_ERROR = "output_error";
    private static final String PROXY_LOSS = "proxy_loss";
    private static final String SENSITIVITY = "sensitivity";
    private static final String SECONDS = "seconds";

    private FittedLayer() {}

    static void write(LayerResult result, Path target) {
        Map<String, String> measured = new TreeMap<>();
        measured.put(LAYER, result.layer());
        measured.put(BITS, Integer.toString(result.bits()));
        measured.put(WEIGHT_ERROR, Double.toString(result.weightError()));
        measured.put(OUTPUT_ERROR, Double.toString(result.relativeOutputError()));
        measured.put(PROXY_LOSS, Double.toString(result.proxyLoss()));
        measured.put(SENSITIVITY, Double.toString(result.sensitivity()));
        measured.put(SECONDS, Double.toString(result.seconds()));
        SafetensorsWriter writer = new SafetensorsWriter(measured);
        PackedLinearFormat.write(result.layer(), result.served(), DType.F32, writer);
        writer.write(target);
    }

    /** @param file has to stay open as long as the layer is in use */
    static LayerFits.Fit read(Checkpoint file) {
        Map<String, String> measured = file.metadata();
        String name = text(measured, LAYER);
        if (!(PackedLinearFormat.read(name, file) instanceof PackedLinear served)) {
            throw new FormatException(
                    "is no shift-and-add layer", "layer '" + name + "'", "only these are spread", "Retry the job.");
        }
        LayerResult result = new LayerResult(
                name,
                served.inputs(),
                served.outputs(),
                Integer.parseInt(text(measured, BITS)),
                number(measured, WEIGHT_ERROR),
                number(measured, OUTPUT_ERROR),
                number(measured, PROXY_LOSS),
                number(measured, SENSITIVITY),
                number(measured, SECONDS),
                served);
        return new LayerFits.Fit(
                result, new ExpandedLinear(served.outputs(), served.inputs(), served.toDense(), served.bias()));
    }

    private static double number(Map<String, String> measured, String key) {
        return Double.parseDouble(text(measured, key));
    }

    private static String text(Map<String, String> measured, String key) {
        String value = measured.get(key);
        if (value == null) {
            throw new FormatException(
                    "does not say its " + key,
                    "a fitted layer",
                    "it says " + measured.keySet(),
                    "Run the same version of the quantize-service on all workers, then retry the job.");
        }
        return value;
    }
}
