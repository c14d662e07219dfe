package io.shiftadd.model.expansion;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.DType;
import io.shiftadd.format.FloatTensor;
import io.shiftadd.format.TensorType;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.kernel.PackedLinearFormat;
import io.shiftadd.kernel.RowwiseLinear;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.model.family.ModelNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A model's tensors as an original of its family has them: of a packed layer the matrix that it stands for, {@code W =
 * D_out·H_outᵀ·W'·H_in·D_in} in float32, everything else as it is. One packed layer at a time is in memory in float.
 */
public final class ExpandedModel implements AutoCloseable {

    private static final String PLANES = ".planes";
    private static final Set<DType> FLOATS = EnumSet.of(DType.F16, DType.BF16, DType.F32, DType.F64);

    private final Checkpoint checkpoint;
    private final ModelConfig config;

    private ExpandedModel(Checkpoint checkpoint, ModelConfig config) {
        this.checkpoint = checkpoint;
        this.config = config;
    }

    /**
     * @param location a model directory or GGUF file
     * @throws io.shiftadd.format.FormatException when it cannot be read
     */
    public static ExpandedModel open(Path location) {
        ModelConfig config = ModelConfig.read(location);
        return new ExpandedModel(Checkpoint.open(location), config);
    }

    public ModelConfig config() {
        return config;
    }

    /** Whether there is a matrix of the head's own, which a model with tied embeddings gets when its head is packed. */
    public boolean hasHead() {
        return tensors().stream().anyMatch(tensor -> tensor.name().equals(headName() + ".weight"));
    }

    /** Whether some weights were stored as float32 or float64, or are beyond float16. */
    public boolean needsFloat32() {
        return checkpoint.names().stream().anyMatch(name -> {
            TensorType type = checkpoint.type(name);
            boolean matrix = type.shape().length > 1;
            return switch (type.dtype()) {
                case F32, F64 -> matrix;
                case BF16 -> !fitsHalf(checkpoint.tensor(name).toFloatArray());
                default -> false;
            };
        });
    }

    private static boolean fitsHalf(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(Float.float16ToFloat(Float.floatToFloat16(value)))) {
                return false;
            }
        }
        return true;
    }

    /** By name, in an order that is the same each time. */
    public List<FloatTensor> tensors() {
        Set<String> names = new TreeSet<>(checkpoint.names());
        List<FloatTensor> tensors = new ArrayList<>();
        for (String name : names) {
            String layer = name.substring(0, Math.max(0, name.lastIndexOf('.')));
            if (name.endsWith(PLANES)) {
                tensors.add(packed(layer));
            } else if (FLOATS.contains(checkpoint.type(name).dtype()) && !isPart(name, layer, names)) {
                tensors.add(plain(name, layer, names));
            }
        }
        return tensors;
    }

    /** Names of tensors that are no floats and belong to no packed layer, such as ternary codes. */
    public List<String> others() {
        Set<String> names = new TreeSet<>(checkpoint.names());
        return names.stream()
                .filter(name -> !FLOATS.contains(checkpoint.type(name).dtype()))
                .filter(name -> !names.contains(name.substring(0, Math.max(0, name.lastIndexOf('.'))) + PLANES))
                .toList();
    }

    /** Scales of a row-wise layer are floats, and are in its matrix. */
    private static boolean isPart(String name, String layer, Set<String> names) {
        return names.contains(layer + PLANES) && !name.endsWith(".bias");
    }

    private FloatTensor plain(String name, String layer, Set<String> names) {
        TensorType type = checkpoint.type(name);
        String renamed = names.contains(layer + PLANES) ? original(layer) + ".bias" : name;
        return type.shape().length == 2
                ? FloatTensor.of(renamed, checkpoint.rows(name))
                : FloatTensor.of(renamed, checkpoint.tensor(name));
    }

    private FloatTensor packed(String name) {
        LinearLayer layer = PackedLinearFormat.read(name, checkpoint);
        boolean transposed = config.block().transposed() && !name.equals(ModelNames.HEAD);
        int outputs = layer.outputs();
        int inputs = layer.inputs();
        return transposed
                ? new FloatTensor(original(name) + ".weight", new long[] {inputs, outputs}, new Matrix(layer, true))
                : new FloatTensor(original(name) + ".weight", new long[] {outputs, inputs}, new Matrix(layer, false));
    }

    /** A packed head is called the same in every family. */
    private String original(String layer) {
        return layer.equals(ModelNames.HEAD) ? headName() : layer;
    }

    private String headName() {
        return config.family().definition().names().head();
    }

    @Override
    public void close() {
        checkpoint.close();
    }

    /** The matrix of a packed layer, made when its first row is asked for and let go with its last. */
    private static final class Matrix implements FloatTensor.Rows {

        private final LinearLayer layer;
        private final boolean transposed;
        private float[] dense = {};
        private long read;

        private Matrix(LinearLayer layer, boolean transposed) {
            this.layer = layer;
            this.transposed = transposed;
        }

        @Override
        public void read(long row, float[] target) {
            if (dense.length == 0) {
                dense = switch (layer) {
                    case PackedLinear packed -> packed.toDense();
                    case RowwiseLinear rowwise -> rowwise.toDense();
                    default -> throw new IllegalStateException("a packed layer is one of these two: " + layer);
                };
            }
            int inputs = layer.inputs();
            int at = Math.toIntExact(row);
            if (transposed) {
                for (int n = 0; n < layer.outputs(); n++) {
                    target[n] = dense[n * inputs + at];
                }
            } else {
                System.arraycopy(dense, at * inputs, target, 0, inputs);
            }
            read++;
            if (read == (transposed ? inputs : layer.outputs())) {
                dense = new float[0];
                read = 0;
            }
        }
    }
}
