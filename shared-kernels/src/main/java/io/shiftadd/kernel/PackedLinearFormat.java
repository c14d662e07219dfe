package io.shiftadd.kernel;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.DType;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.SafetensorsWriter;
import io.shiftadd.format.TensorView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tensors of a packed layer in a checkpoint, as docs/format.md describes them.
 *
 * <table>
 * <caption>Tensors of a layer {@code name}</caption>
 * <tr><td>{@code name.layout}</td><td>I32 [10]</td><td>the numbers below</td></tr>
 * <tr><td>{@code name.planes}</td><td>U8 [rowTiles, bits, colTiles, 64]</td><td>bit planes</td></tr>
 * <tr><td>{@code name.scales}</td><td>I8 [bits, rowGroups, terms, columnGroups]</td><td>powers of two</td></tr>
 * <tr><td>{@code name.input_signs}</td><td>U8 [⌈inputs/8⌉]</td><td>if the inputs are rotated</td></tr>
 * <tr><td>{@code name.output_signs}</td><td>U8 [⌈outputs/8⌉]</td><td>if the outputs are rotated</td></tr>
 * <tr><td>{@code name.bias}</td><td>any float [outputs]</td><td>if there is one</td></tr>
 * </table>
 */
public final class PackedLinearFormat {

    /** First number of every layout; readers refuse others. */
    public static final int VERSION = 1;

    private static final int LAYOUT_LENGTH = 10;
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
     * @param biasType floating-point type that the bias is written in, if there is one
     */
    public static void write(String name, PackedLinear layer, DType biasType, SafetensorsWriter out) {
        PlaneLayout shape = layer.planes().layout();
        PackedScales scales = layer.scales();
        int[] layout = {
            VERSION,
            shape.outputs(),
            shape.inputs(),
            shape.bits(),
            scales.rowsPerGroup(),
            scales.columnsPerGroup(),
            scales.terms(),
            layer.precision().bits(),
            blockSize(layer.inputRotation()),
            blockSize(layer.outputRotation())
        };
        out.add(name + ".layout", DType.I32, new long[] {LAYOUT_LENGTH}, sink -> sink.writeBytes(littleEndian(layout)));
        out.add(
                name + ".planes",
                DType.U8,
                planesShape(shape),
                sink -> sink.writeBytes(layer.planes().data()));
        out.add(name + ".scales", DType.I8, scalesShape(scales), sink -> sink.writeBytes(scales.data()));
        writeSigns(name + ".input_signs", layer.inputRotation(), out);
        writeSigns(name + ".output_signs", layer.outputRotation(), out);
        float[] bias = layer.bias();
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
        int[] layout = in.tensor(name + ".layout").toIntArray();
        if (layout.length != LAYOUT_LENGTH || layout[0] != VERSION) {
            throw malformed(
                    name,
                    "has layout " + Arrays.toString(layout),
                    "version " + VERSION + " has " + LAYOUT_LENGTH + " numbers");
        }
        try {
            PlaneLayout shape = new PlaneLayout(layout[1], layout[2], layout[3]);
            return new PackedLinear(
                    new PackedPlanes(shape, segment(in, name + ".planes", DType.U8, planesShape(shape))),
                    scales(name, layout, shape, in),
                    in.contains(name + ".bias") ? in.tensor(name + ".bias").toFloatArray() : null,
                    rotation(name + ".input_signs", shape.inputs(), layout[8], in),
                    rotation(name + ".output_signs", shape.outputs(), layout[9], in),
                    TablePrecision.ofBits(layout[7]));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw malformed(name, "is inconsistent: " + e.getMessage(), "layout " + Arrays.toString(layout));
        }
    }

    private static PackedScales scales(String name, int[] layout, PlaneLayout shape, Checkpoint in) {
        GroupShape groups = new GroupShape(layout[4], layout[5]);
        int rowGroups = groups.rowGroups(shape.outputs());
        int columnGroups = groups.columnGroups(shape.inputs());
        long[] expected = {shape.bits(), rowGroups, layout[6], columnGroups};
        MemorySegment data = segment(in, name + ".scales", DType.I8, expected);
        return new PackedScales(shape.bits(), rowGroups, layout[6], columnGroups, layout[4], layout[5], data);
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

    private static long[] planesShape(PlaneLayout shape) {
        return new long[] {shape.rowTiles(), shape.bits(), shape.columnTiles(), PlaneLayout.TILE_BYTES};
    }

    private static long[] scalesShape(PackedScales scales) {
        return new long[] {scales.bits(), scales.rowGroups(), scales.terms(), scales.columnGroups()};
    }

    private static MemorySegment littleEndian(int[] values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            buffer.putInt(value);
        }
        return MemorySegment.ofArray(buffer.array());
    }

    private static FormatException malformed(String name, String what, String limit) {
        return new FormatException(what, "packed layer '" + name + "'", limit, REMEDY);
    }
}
