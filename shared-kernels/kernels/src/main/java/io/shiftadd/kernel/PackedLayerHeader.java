package io.shiftadd.kernel;

import io.shiftadd.kernel.coding.ApotScales;
import io.shiftadd.kernel.coding.BinaryCoding;
import io.shiftadd.kernel.coding.GroupShape;
import io.shiftadd.kernel.packed.PlaneLayout;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The numbers of {@code <name>.layout}: version, outputs, inputs, bits, rows and columns that share a scale, terms a
 * scale (0 for row-wise layers, which have plain scales), bits of a table entry (8; older files may have 16), block of
 * the rotation of the inputs and of the outputs (0 for none).
 */
record PackedLayerHeader(
        int version, PlaneLayout shape, GroupShape groups, int terms, int inputBlock, int outputBlock) {

    /** First of the numbers, of layers with tiles of 16 rows: read, and no longer written. */
    static final int LOW_VERSION = 1;

    /** Of layers with tiles of 64 rows; readers refuse others than these two. */
    static final int VERSION = 2;

    static final int LENGTH = 10;

    PackedLayerHeader {
        if (shape.outputs() < 1 || shape.inputs() < 1 || shape.bits() < 1 || shape.bits() > BinaryCoding.MAX_BITS) {
            throw new IllegalArgumentException("a layer has outputs, inputs and 1 to " + BinaryCoding.MAX_BITS
                    + " bits, not " + shape.outputs() + ", " + shape.inputs() + " and " + shape.bits());
        }
        if (terms < 0 || terms > ApotScales.MAX_TERMS) {
            throw new IllegalArgumentException("a scale has 0 to " + ApotScales.MAX_TERMS + " terms, not " + terms);
        }
    }

    static PackedLayerHeader of(int[] numbers) {
        if (numbers.length != LENGTH || numbers[0] != LOW_VERSION && numbers[0] != VERSION) {
            throw new IllegalArgumentException("a layout has " + LENGTH + " numbers, the first of them the version, "
                    + LOW_VERSION + " or " + VERSION);
        }
        if (numbers[7] != Byte.SIZE && numbers[7] != Short.SIZE) {
            throw new IllegalArgumentException("look-up tables have entries of 8 or 16 bits, not " + numbers[7]);
        }
        GroupShape groups = new GroupShape(numbers[4], numbers[5]);
        // Row-wise layers have a scale for each row, and tables for all.
        int rowsPerTables = numbers[6] == 0 ? numbers[1] : groups.rowsPerGroup();
        return new PackedLayerHeader(
                numbers[0],
                new PlaneLayout(numbers[1], numbers[2], numbers[3], rowsPerTables),
                groups,
                numbers[6],
                numbers[8],
                numbers[9]);
    }

    MemorySegment toBytes() {
        int[] numbers = {
            version,
            shape.outputs(),
            shape.inputs(),
            shape.bits(),
            groups.rowsPerGroup(),
            groups.columnsPerGroup(),
            terms,
            Byte.SIZE,
            inputBlock,
            outputBlock
        };
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(numbers);
        return MemorySegment.ofArray(bytes.array());
    }
}
