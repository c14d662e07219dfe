package io.shiftadd.quantize.tuning;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.DType;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import java.nio.file.Path;
import java.util.Map;

/** The file that a broken-off tuning goes on from: parameters, and the optimizer's means, in float32. */
final class TuningCheckpoint {

    private static final String STEP = "step";

    private TuningCheckpoint() {}

    static void write(Path file, int step, Map<String, float[]> state) {
        SafetensorsWriter writer = new SafetensorsWriter(Map.of(STEP, Integer.toString(step)));
        state.forEach((name, array) -> writer.add(name, DType.F32, new long[] {array.length}, array));
        writer.write(file);
    }

    /** Fills the arrays; the step that comes next. */
    static int read(Path file, Map<String, float[]> state) {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            String step = checkpoint.metadata().get(STEP);
            if (step == null || !checkpoint.names().equals(state.keySet())) {
                throw wrong(file, "holds other layers");
            }
            state.forEach((name, array) -> {
                float[] saved = checkpoint.tensor(name).toFloatArray();
                if (saved.length != array.length) {
                    throw wrong(file, "holds '" + name + "' with " + saved.length + " elements");
                }
                System.arraycopy(saved, 0, array, 0, array.length);
            });
            return Integer.parseInt(step);
        }
    }

    private static FormatException wrong(Path file, String what) {
        return new FormatException(
                what,
                file.toString(),
                "a tuning goes on from a file of the same model and bits alone",
                "Remove the file; the tuning then begins again.");
    }
}
