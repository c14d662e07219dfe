package io.shiftadd.kernel.packed;

import java.lang.foreign.MemorySegment;

/**
 * Packed bit planes where they lie, usually in a mapped file: all of a layer, or a view of one plane and some columns.
 *
 * @param layout rows, columns and bits; of a view those it shows
 * @param data the planes of the whole layer
 * @param offset where the first tile lies
 * @param rowTileBytes from one row tile to the next
 * @param planeBytes from one plane of a row tile to the next
 */
public record PackedPlanes(PlaneLayout layout, MemorySegment data, long offset, long rowTileBytes, long planeBytes) {

    public PackedPlanes(PlaneLayout layout, MemorySegment data) {
        if (data.byteSize() != layout.bytes()) {
            throw new IllegalArgumentException(
                    "the planes of " + layout + " take " + layout.bytes() + " bytes, not " + data.byteSize());
        }
        this(layout, data, 0, layout.rowTileBytes(), layout.planeBytes());
    }

    /** One plane of {@code columns} columns from {@code firstColumn} on, which is a multiple of 32. */
    public PackedPlanes view(int plane, int firstColumn, int columns) {
        long first =
                offset + plane * planeBytes + (long) firstColumn / PlaneLayout.TILE_COLUMNS * PlaneLayout.TILE_BYTES;
        return new PackedPlanes(
                new PlaneLayout(layout.outputs(), columns, 1, layout.rowsPerGroup()),
                data,
                first,
                rowTileBytes,
                planeBytes);
    }

    /** Where the tiles of a chunk of columns of a plane of a row tile begin. */
    public long chunkOffset(int rowTile, int plane, int chunk, TableLayout tables) {
        return tileOffset(rowTile, plane) + (long) chunk * tables.chunkTiles() * PlaneLayout.TILE_BYTES;
    }

    /** Where the tiles of a plane of a row tile begin. */
    public long tileOffset(int rowTile, int plane) {
        return offset + rowTile * rowTileBytes + plane * planeBytes;
    }
}
