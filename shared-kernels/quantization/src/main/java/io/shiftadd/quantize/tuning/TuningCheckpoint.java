package io.shiftadd.quantize.tuning;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.SafetensorsWriter;
import io.shiftadd.format.TensorView;
import java.nio.file.Path;
import java.util.Map;

/** The file that a broken-off tuning goes on from: parameters, and the optimizer's means, as they are in memory. */
final class TuningCheckpoint {

    private static final String STEP = "step";

    private TuningCheckpoint() {}

    static void write(Path file, int step, Map<String, Numbers> state) {
        SafetensorsWriter writer = new SafetensorsWriter(Map.of(STEP, Integer.toString(step)));
        state.forEach((name, numbers) -> numbers.save(name, writer));
        writer.write(file);
    }

    /** Fills the arrays; the step that comes next. */
    static int read(Path file, Map<String, Numbers> state) {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            String step = checkpoint.metadata().get(STEP);
            if (step == null || !checkpoint.names().equals(state.keySet())) {
                throw wrong(file, "holds other layers");
            }
            state.forEach((name, numbers) -> {
                TensorView saved = checkpoint.tensor(name);
                if (!numbers.fits(saved)) {
                    throw wrong(file, "holds '" + name + "' with another number of elements, or of another type");
                }
                numbers.restore(saved);
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
