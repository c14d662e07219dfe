package io.shiftadd.kernel;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.DType;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.TensorView;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import io.shiftadd.kernel.coding.GroupShape;
import io.shiftadd.kernel.packed.LowTiles;
import io.shiftadd.kernel.packed.PackedPlanes;
import io.shiftadd.kernel.packed.PackedScales;
import io.shiftadd.kernel.packed.PlaneLayout;
import io.shiftadd.kernel.packed.RowwiseScales;
import io.shiftadd.kernel.rotation.HadamardRotation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tensors of a packed layer in a checkpoint, as docs/format.md describes them.
 *
 * <table>
 * <caption>Tensors of a layer {@code name}</caption>
 * <tr><td>{@code name.layout}</td><td>I32 [10]</td><td>{@link PackedLayerHeader}</td></tr>
 * <tr><td>{@code name.planes}</td><td>U8 [rowTiles, bits, colTiles, 256]</td><td>bit planes</td></tr>
 * <tr><td>{@code name.scales}</td><td>I8 [bits, rowGroups, terms, columnGroups]</td><td>powers of two</td></tr>
 * <tr><td>{@code name.row_scales}</td><td>F16 [bits, outputs, groups]</td><td>instead, of a row-wise layer</td></tr>
 * <tr><td>{@code name.row_offsets}</td><td>F16 [outputs, groups]</td><td>likewise</td></tr>
 * <tr><td>{@code name.input_signs}</td><td>U8 [⌈inputs/8⌉]</td><td>if the inputs are rotated</td></tr>
 * <tr><td>{@code name.output_signs}</td><td>U8 [⌈outputs/8⌉]</td><td>if the outputs are rotated</td></tr>
 * <tr><td>{@code name.bias}</td><td>any float [outputs]</td><td>if there is one</td></tr>
 * </table>
 */
public final class PackedLinearFormat {

    private static final String REMEDY = "Make the artifact again with this version.";

    private PackedLinearFormat() {}

    /** Adds the layer's tensors, the bias as float32. */
    public static void write(String name, PackedLinear layer, SafetensorsWriter out) {
        write(name, layer, DType.F32, out);
    }

    /**
     * Adds the layer's tensors to a file.
     *
     * @param name prefix, such as {@code model.layers.0.mlp.up_proj}
     * @param layer a {@link PackedLinear} or a {@link RowwiseLinear}
     * @param biasType floating-point type that the bias is written in, if there is one
     * @throws IllegalArgumentException if the layer is of another kind
     */
    public static void write(String name, LinearLayer layer, DType biasType, SafetensorsWriter out) {
        switch (layer) {
            case PackedLinear packed -> writePacked(name, packed, biasType, out);
            case RowwiseLinear rowwise -> writeRowwise(name, rowwise, biasType, out);
            default ->
                throw new IllegalArgumentException("'" + name + "' is a "
                        + layer.getClass().getSimpleName() + ", which has no packed form; pack its coding first");
        }
    }

    private static void writePacked(String name, PackedLinear layer, DType biasType, SafetensorsWriter out) {
        PackedScales scales = layer.scales();
        PackedLayerHeader header = new PackedLayerHeader(
                PackedLayerHeader.VERSION,
                layer.planes().layout(),
                new GroupShape(scales.rowsPerGroup(), scales.columnsPerGroup()),
                scales.terms(),
                blockSize(layer.inputRotation()),
                blockSize(layer.outputRotation()));
        writeCommon(name, header, layer.planes(), layer.bias(), biasType, out);
        out.add(name + ".scales", DType.I8, scalesShape(scales), sink -> sink.writeBytes(scales.data()));
        writeSigns(name + ".input_signs", layer.inputRotation(), out);
        writeSigns(name + ".output_signs", layer.outputRotation(), out);
    }

    private static void writeRowwise(String name, RowwiseLinear layer, DType biasType, SafetensorsWriter out) {
        PlaneLayout shape = layer.planes().layout();
        RowwiseScales scales = layer.scales();
        GroupShape groups = new GroupShape(1, scales.columnsPerGroup());
        PackedLayerHeader header = new PackedLayerHeader(PackedLayerHeader.VERSION, shape, groups, 0, 0, 0);
        writeCommon(name, header, layer.planes(), layer.bias(), biasType, out);
        long[] perPlane = {shape.outputs(), scales.groups()};
        long[] perBit = {shape.bits(), shape.outputs(), scales.groups()};
        out.add(name + ".row_scales", DType.F16, perBit, scales.scales());
        out.add(name + ".row_offsets", DType.F16, perPlane, scales.offsets());
    }

    private static void writeCommon(
            String name,
            PackedLayerHeader header,
            PackedPlanes planes,
            float @Nullable [] bias,
            DType biasType,
            SafetensorsWriter out) {
        long[] headerShape = {PackedLayerHeader.LENGTH};
        out.add(name + ".layout", DType.I32, headerShape, sink -> sink.writeBytes(header.toBytes()));
        out.add(name + ".planes", DType.U8, header.shape().shape(), sink -> sink.writeBytes(planes.data()));
        if (bias != null) {
            out.add(name + ".bias", biasType, new long[] {bias.length}, bias);
        }
    }

    /** Whether the checkpoint has a packed layer of that name. */
    public static boolean isPacked(String name, Checkpoint in) {
        return in.contains(name + ".planes");
    }

    /**
     * The layer, its planes and scales used where they lie: valid as long as the checkpoint is open.
     *
     * @throws FormatException if a tensor is missing or does not fit the others
     */
    public static LinearLayer read(String name, Checkpoint in) {
        int[] numbers = in.tensor(name + ".layout").toIntArray();
        try {
            PackedLayerHeader header = PackedLayerHeader.of(numbers);
            PackedPlanes planes = planes(name, header, in);
            float[] bias =
                    in.contains(name + ".bias") ? in.tensor(name + ".bias").toFloatArray() : null;
            if (header.terms() == 0) {
                return new RowwiseLinear(planes, rowwiseScales(name, header, in), bias);
            }
            return new PackedLinear(
                    planes,
                    scales(name, header, in),
                    bias,
                    rotation(name + ".input_signs", header.shape().inputs(), header.inputBlock(), in),
                    rotation(name + ".output_signs", header.shape().outputs(), header.outputBlock(), in));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw malformed(name, "is inconsistent: " + e.getMessage(), "its layout is " + Arrays.toString(numbers));
        }
    }

    /** Tiles of 16 rows are converted, off the heap. */
    private static PackedPlanes planes(String name, PackedLayerHeader header, Checkpoint in) {
        PlaneLayout shape = header.shape();
        String planes = name + ".planes";
        if (header.version() == PackedLayerHeader.VERSION) {
            return new PackedPlanes(shape, segment(in, planes, DType.U8, shape.shape()));
        }
        LowTiles low = new LowTiles(shape.outputs(), shape.inputs(), shape.bits());
        return low.converted(shape.rowsPerGroup(), segment(in, planes, DType.U8, low.shape()));
    }

    private static PackedScales scales(String name, PackedLayerHeader header, Checkpoint in) {
        PlaneLayout shape = header.shape();
        GroupShape groups = header.groups();
        int rowGroups = groups.rowGroups(shape.outputs());
        int columnGroups = groups.columnGroups(shape.inputs());
        long[] expected = {shape.bits(), rowGroups, header.terms(), columnGroups};
        return new PackedScales(
                shape.bits(),
                rowGroups,
                header.terms(),
                columnGroups,
                groups.rowsPerGroup(),
                groups.columnsPerGroup(),
                segment(in, name + ".scales", DType.I8, expected));
    }

    private static RowwiseScales rowwiseScales(String name, PackedLayerHeader header, Checkpoint in) {
        PlaneLayout shape = header.shape();
        int columnsPerGroup = header.groups().columnsPerGroup();
        return new RowwiseScales(
                columnsPerGroup,
                Math.ceilDiv(shape.inputs(), columnsPerGroup),
                in.tensor(name + ".row_scales").toFloatArray(),
                in.tensor(name + ".row_offsets").toFloatArray());
    }

    private static @Nullable HadamardRotation rotation(String name, int width, int blockSize, Checkpoint in) {
        if (blockSize == 0) {
            return null;
        }
        long[] expected = {Math.ceilDiv(width, Byte.SIZE)};
        byte[] signs = segment(in, name, DType.U8, expected).toArray(ValueLayout.JAVA_BYTE);
        return new HadamardRotation(width, blockSize, signs);
    }

    private static MemorySegment segment(Checkpoint in, String name, DType dtype, long[] shape) {
        TensorView view = in.tensor(name);
        if (view.dtype() != dtype || !Arrays.equals(view.shape(), shape)) {
            throw malformed(
                    name,
                    "is " + view.dtype() + " " + Arrays.toString(view.shape()),
                    "its layout says " + dtype + " " + Arrays.toString(shape));
        }
        return view.data();
    }

    private static void writeSigns(String name, @Nullable HadamardRotation rotation, SafetensorsWriter out) {
        if (rotation != null) {
            out.add(name, DType.U8, new long[] {rotation.signBits().length}, rotation.signBits());
        }
    }

    private static int blockSize(@Nullable HadamardRotation rotation) {
        return rotation == null ? 0 : rotation.blockSize();
    }

    private static long[] scalesShape(PackedScales scales) {
        return new long[] {scales.bits(), scales.rowGroups(), scales.terms(), scales.columnGroups()};
    }

    private static FormatException malformed(String name, String what, String limit) {
        return new FormatException(what, "packed layer '" + name + "'", limit, REMEDY);
    }
}
