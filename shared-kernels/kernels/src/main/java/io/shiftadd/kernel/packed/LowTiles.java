package io.shiftadd.kernel.packed;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Planes of the first version of the format, whose tiles have 16 rows × 32 columns: byte {@code 16·j + r} of a tile
 * holds row {@code r}, in its low nibble the columns {@code 4·j … 4·j+3}, in its high nibble {@code 16 + 4·j …}.
 */
public record LowTiles(int outputs, int inputs, int bits) {

    private static final int ROWS = 16;
    private static final int BYTES = ROWS * PlaneLayout.TILE_COLUMNS / Byte.SIZE;
    private static final int NIBBLE = 4;
    private static final int LOW = 0xF;

    /** Shape of the planes in a file. */
    public long[] shape() {
        return new long[] {Math.ceilDiv(outputs, ROWS), bits, columnTiles(), BYTES};
    }

    /** The same planes as they are read today, off the heap. */
    public PackedPlanes converted(int rowsPerGroup, MemorySegment data) {
        PlaneLayout layout = new PlaneLayout(outputs, inputs, bits, rowsPerGroup);
        MemorySegment to = Arena.ofAuto().allocate(layout.bytes(), Packing.ALIGNMENT);
        for (int n = 0; n < outputs; n++) {
            for (int bit = 0; bit < bits; bit++) {
                long from = ((long) (n / ROWS) * bits + bit) * columnTiles() * BYTES + n % ROWS;
                for (int tile = 0; tile < columnTiles(); tile++, from += BYTES) {
                    convert(data, from, to, layout.byteOffset(n, tile * PlaneLayout.TILE_COLUMNS, bit));
                }
            }
        }
        return new PackedPlanes(layout, to);
    }

    /** A row of a tile: its nibbles 0 to 3 are the low ones of four bytes, 4 to 7 the high ones. */
    private static void convert(MemorySegment data, long from, MemorySegment to, long at) {
        int first = data.get(JAVA_BYTE, from);
        int second = data.get(JAVA_BYTE, from + ROWS);
        int third = data.get(JAVA_BYTE, from + 2 * ROWS);
        int fourth = data.get(JAVA_BYTE, from + 3 * ROWS);
        to.set(JAVA_BYTE, at, nibbles(first, second));
        to.set(JAVA_BYTE, at + PlaneLayout.TILE_ROWS, nibbles(third, fourth));
        to.set(JAVA_BYTE, at + 2 * PlaneLayout.TILE_ROWS, nibbles(first >> NIBBLE, second >> NIBBLE));
        to.set(JAVA_BYTE, at + 3 * PlaneLayout.TILE_ROWS, nibbles(third >> NIBBLE, fourth >> NIBBLE));
    }

    private static byte nibbles(int low, int high) {
        return (byte) (low & LOW | high << NIBBLE);
    }

    private int columnTiles() {
        return Math.ceilDiv(inputs, PlaneLayout.TILE_COLUMNS);
    }
}
