package io.shiftadd.model.layers;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.MatrixRows;
import io.shiftadd.format.TensorView;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.kernel.PackedLinearFormat;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.model.family.ModelConfig.NormSettings;
import io.shiftadd.model.family.ModelNames;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A model's tensors by the family's names: finds the checkpoint's prefix, and checks every shape against the config.
 */
public final class Weights {

    private final Checkpoint checkpoint;
    private final ModelConfig config;
    private final String where;
    private final ModelNames names;
    private final String prefix;
    private final boolean packs;

    /** Names of the tensors that were read. */
    private final Set<String> used = ConcurrentHashMap.newKeySet();

    /**
     * @param where names the checkpoint in errors
     * @param packs whether layers of −1, 0 and 1 are packed, for which all their weights are read
     */
    public Weights(Checkpoint checkpoint, ModelConfig config, String where, boolean packs) {
        this.packs = packs;
        this.checkpoint = checkpoint;
        this.config = config;
        this.where = where;
        this.names = config.family().definition().generations().stream()
                .filter(generation -> !prefixes(checkpoint, generation).isEmpty())
                .findFirst()
                .orElse(config.family().definition().names());
        this.prefix = findPrefix(checkpoint, config, names, where);
    }

    private static String firstLayer(ModelNames names) {
        return names.block() + "0." + names.parts().projections().getFirst() + ".";
    }

    private static Set<String> prefixes(Checkpoint checkpoint, ModelNames names) {
        String first = firstLayer(names);
        Set<String> prefixes = new TreeSet<>();
        for (String name : checkpoint.names()) {
            int at = name.indexOf(first);
            if (at == 0 || at > 0 && name.charAt(at - 1) == '.') {
                prefixes.add(name.substring(0, at));
            }
        }
        return prefixes;
    }

    /** What stands before the names of the first block's first projection, in whatever form that is stored. */
    private static String findPrefix(Checkpoint checkpoint, ModelConfig config, ModelNames names, String where) {
        String first = firstLayer(names);
        Set<String> prefixes = prefixes(checkpoint, names);
        if (prefixes.size() > 1) {
            // What a model sees or hears with may have such blocks, too, but no embedding of tokens.
            prefixes.removeIf(prefix -> !checkpoint.contains(prefix + names.embedding() + ".weight"));
        }
        if (prefixes.size() != 1) {
            throw new FormatException(
                    prefixes.isEmpty() ? "has no tensor named …" + first + "…" : "has " + first + "… under " + prefixes,
                    where,
                    "a model of model_type " + config.family().modelType() + " has it once",
                    "Check that the weights belong to this config.json.");
        }
        return prefixes.iterator().next();
    }

    /** What this checkpoint calls the parts of the model. */
    public ModelNames names() {
        return names;
    }

    public String where() {
        return where;
    }

    /** The full name of a part. */
    public String name(String part) {
        return prefix + part;
    }

    /** A matrix of exactly this shape. */
    public MatrixRows matrix(String name, int rows, int columns, String meaning) {
        MatrixRows tensor = checkpoint.rows(name);
        used.add(name);
        if (!Arrays.equals(tensor.shape(), new long[] {rows, columns})) {
            throw mismatch(name, tensor.shape(), "[" + rows + ", " + columns + "] (" + meaning + ")");
        }
        if (!WeightRows.isFloatingPoint(tensor.dtype())) {
            throw new FormatException(
                    "tensor '" + name + "' has type " + tensor.dtype(),
                    where,
                    "weights are F32, F16, BF16 or F64",
                    "Save the model in one of these types.");
        }
        return tensor;
    }

    public boolean has(String name) {
        return checkpoint.contains(name);
    }

    public boolean hasLinear(String name) {
        return has(name + ".weight") || PackedLinearFormat.isPacked(name, checkpoint);
    }

    /** A linear layer, dense or packed. */
    public LinearLayer linear(String name, int outputs, int inputs, boolean hasBias) {
        if (!PackedLinearFormat.isPacked(name, checkpoint)) {
            MatrixRows weight = weight(name, outputs, inputs);
            if (packs && config.family().definition().isTernary() && !name.equals(ModelNames.HEAD)) {
                Optional<LinearLayer> ternary =
                        TernaryLinear.of(weight, hasBias ? vector(name + ".bias", outputs) : null);
                if (ternary.isPresent()) {
                    return ternary.get();
                }
            }
            return new DenseLinear(weight, hasBias ? vector(name + ".bias", outputs) : null);
        }
        LinearLayer packed = PackedLinearFormat.read(name, checkpoint);
        checkpoint.names().stream().filter(part -> part.startsWith(name + ".")).forEach(used::add);
        if (packed.outputs() != outputs || packed.inputs() != inputs) {
            throw new FormatException(
                    "packed layer '" + name + "' has " + packed.outputs() + " outputs and " + packed.inputs()
                            + " inputs",
                    where,
                    "config.json asks for " + outputs + " and " + inputs,
                    "Check that the weights belong to this config.json.");
        }
        return packed;
    }

    /** A layer of signs times powers of two, with a bias. */
    public LinearLayer shifts(String name, int outputs, int inputs) {
        return new ShiftLinear(weight(name, outputs, inputs), vector(name + ".bias", outputs));
    }

    /** A linear layer's weights {@code [outputs, inputs]}, however they are stored. */
    public MatrixRows weight(String name, int outputs, int inputs) {
        if (config.family().definition().isTernary() && has(name + ".weight_scale")) {
            return ternary(name, outputs, inputs);
        }
        return config.block().transposed() && !name.equals(ModelNames.HEAD)
                ? matrix(name + ".weight", inputs, outputs, "inputs and outputs of the layer")
                        .transposed()
                : matrix(name + ".weight", outputs, inputs, "outputs and inputs of the layer");
    }

    private MatrixRows ternary(String name, int outputs, int inputs) {
        float[] scale = checkpoint.tensor(name + ".weight_scale").toFloatArray();
        used.add(name + ".weight");
        used.add(name + ".weight_scale");
        MatrixRows rows =
                new TernaryRows(checkpoint.tensor(name + ".weight"), scale.length == 1 ? scale[0] : Float.NaN);
        if (!Arrays.equals(rows.shape(), new long[] {outputs, inputs}) || scale.length != 1) {
            throw mismatch(name + ".weight", rows.shape(), "[" + outputs + ", " + inputs + "] with one weight_scale");
        }
        return rows;
    }

    public float @Nullable [] biasOf(String name, int outputs, boolean hasBias) {
        return hasBias ? vector(name + ".bias", outputs) : null;
    }

    public Norm norm(String name) {
        return norm(name, config.hiddenSize());
    }

    public Norm norm(String name, int width) {
        NormSettings settings = config.norm();
        if (!settings.affine()) {
            float[] ones = new float[width];
            Arrays.fill(ones, 1);
            return new Norm(settings, ones, null);
        }
        float[] weight = vector(name + ".weight", width);
        if (settings.unitOffset()) {
            for (int i = 0; i < width; i++) {
                weight[i] += 1;
            }
        }
        boolean hasBias = settings.kind() == NormSettings.Kind.LAYER;
        return new Norm(settings, weight, hasBias ? vector(name + ".bias", width) : null);
    }

    public Set<String> used() {
        return Set.copyOf(used);
    }

    /**
     * Refuses a checkpoint whose blocks have weights that the model does not use: one that the config cuts short, or of
     * another architecture, would answer something else than what it was trained to.
     */
    public void requireBlocksUsed() {
        String blocks = prefix + names.block();
        for (String name : new TreeSet<>(checkpoint.names())) {
            boolean weights = name.startsWith(blocks) && !used.contains(name) && !isBuffer(name);
            if (weights) {
                String rest = name.substring(blocks.length());
                String number = rest.substring(0, Math.max(0, rest.indexOf('.')));
                boolean beyond = number.matches("\\d{1,9}") && Integer.parseInt(number) >= config.layers();
                throw new FormatException(
                        beyond
                                ? "has weights of block " + number + " ('" + name + "')"
                                : "has the tensor '" + name + "', which the model would not use",
                        where,
                        beyond
                                ? "config.json says that there are " + config.layers() + " blocks, 0 to "
                                        + (config.layers() - 1)
                                : "config.json describes a " + config.family().modelType() + " without it",
                        "Correct config.json: " + (beyond ? "the number of layers" : "its flags and model_type")
                                + " must be as the model was trained.");
            }
        }
    }

    /** What old versions of the reference stored beside the weights, and compute by themselves. */
    private static boolean isBuffer(String name) {
        return name.endsWith(".rotary_emb.inv_freq")
                || name.endsWith(".masked_bias")
                || name.endsWith(".attn.bias")
                || name.endsWith(".attention.bias");
    }

    /** The kernel {@code [outputs, …]} of a convolution that visits every place once, as a matrix with these rows. */
    public MatrixRows kernel(String name, long... shape) {
        TensorView tensor = tensor(name, shape);
        long columns = tensor.elementCount() / shape[0];
        return MatrixRows.of(new TensorView(name, tensor.dtype(), new long[] {shape[0], columns}, tensor.data()));
    }

    /** All elements of a small tensor of exactly this shape. */
    public float[] values(String name, long... shape) {
        return tensor(name, shape).toFloatArray();
    }

    private float[] vector(String name, int length) {
        return values(name, length);
    }

    private TensorView tensor(String name, long... shape) {
        TensorView tensor = checkpoint.tensor(name);
        used.add(name);
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw mismatch(name, tensor.shape(), Arrays.toString(shape));
        }
        return tensor;
    }

    private FormatException mismatch(String name, long[] shape, String expected) {
        return new FormatException(
                "tensor '" + name + "' has shape " + Arrays.toString(shape),
                where,
                "config.json asks for " + expected,
                "Check that the weights belong to this config.json.");
    }
}
