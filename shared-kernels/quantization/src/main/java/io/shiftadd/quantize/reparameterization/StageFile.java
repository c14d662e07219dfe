package io.shiftadd.quantize.reparameterization;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.DType;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import io.shiftadd.model.DecoderBlock;
import io.shiftadd.model.Transformer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What layers that share their inputs have to know to be fitted apart from each other: the Hessian in double, the means
 * that biases make up for, and the targets where these are not the weights. The weights themselves are the model's.
 */
final class StageFile {

    private static final String BLOCK = "block";
    private static final String INPUTS = "inputs";
    private static final String INPUTS_NAME = "inputs_name";
    private static final String BITS = "bits:";
    private static final String HESSIAN = "hessian";
    private static final String MEANS = "means";
    private static final String SHIFT_MEANS = "means.shift";
    private static final String RESIDUAL_MEANS = "means.residual";
    private static final String TARGET = "target:";

    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Checkpoint file;

    StageFile(Checkpoint file) {
        this.file = file;
    }

    /** @param targeted whether targets differ from the weights */
    static void write(
            Path target,
            int block,
            List<LayerProblem> problems,
            double[] hessian,
            @Nullable InputMeans means,
            boolean targeted) {
        LayerProblem first = problems.getFirst();
        Map<String, String> facts = new TreeMap<>();
        facts.put(BLOCK, Integer.toString(block));
        facts.put(INPUTS, Integer.toString(first.inputs()));
        facts.put(INPUTS_NAME, first.name());
        problems.forEach(problem -> facts.put(BITS + problem.name(), Integer.toString(problem.bits())));
        SafetensorsWriter writer = new SafetensorsWriter(facts);
        add(writer, HESSIAN, hessian, first.inputs(), first.inputs());
        if (means != null) {
            add(writer, MEANS, means.x(), means.x().length);
            add(writer, SHIFT_MEANS, means.shift(), means.shift().length);
            add(writer, RESIDUAL_MEANS, means.missing(), means.missing().length);
        }
        if (targeted) {
            problems.forEach(problem -> writer.add(
                    TARGET + problem.name(),
                    DType.F32,
                    new long[] {problem.outputs(), problem.inputs()},
                    problem.target()));
        }
        writer.write(target);
    }

    private static void add(SafetensorsWriter writer, String name, double[] values, long... shape) {
        writer.add(name, DType.F64, shape, sink -> {
            byte[] bytes = new byte[values.length * Double.BYTES];
            MemorySegment.copy(values, 0, MemorySegment.ofArray(bytes), DOUBLE, 0, values.length);
            sink.writeBytes(MemorySegment.ofArray(bytes));
        });
    }

    int inputs() {
        return Integer.parseInt(fact(INPUTS));
    }

    String inputsName() {
        return fact(INPUTS_NAME);
    }

    double[] hessian() {
        return doubles(HESSIAN);
    }

    @Nullable
    InputMeans means() {
        return file.contains(MEANS)
                ? new InputMeans(doubles(MEANS), doubles(SHIFT_MEANS), doubles(RESIDUAL_MEANS))
                : null;
    }

    LayerProblem layer(String name, Transformer model) {
        DecoderBlock block = model.block(Integer.parseInt(fact(BLOCK)));
        float[] weights = block.weights(name);
        float[] target =
                file.contains(TARGET + name) ? file.tensor(TARGET + name).toFloatArray() : weights;
        int bits = Integer.parseInt(fact(BITS + name));
        return new LayerProblem(name, weights.length / inputs(), inputs(), bits, weights, target, block.bias(name));
    }

    private double[] doubles(String name) {
        return file.tensor(name).data().toArray(DOUBLE);
    }

    private String fact(String key) {
        String value = file.metadata().get(key);
        if (value == null) {
            throw new FormatException(
                    "does not say its " + key,
                    "the inputs of a stage",
                    "it says " + file.metadata().keySet(),
                    "Run the same version of the quantize-service on all workers, then retry the job.");
        }
        return value;
    }
}
