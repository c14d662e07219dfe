package io.shiftadd.kernel.packed;

import io.shiftadd.kernel.coding.GroupShape;

/**
 * Where the bit of {@code B_i[n,k]} lies in the packed planes, U8 {@code [rowTiles, bits, colTiles, 256]}.
 *
 * <p>A tile is one bit plane of 64 rows × 32 columns. Byte {@code 64·j + r} holds row {@code r}, columns
 * {@code 8·j … 8·j+7} of the tile, the lowest bit the lowest column: 64 bytes look up in the same two tables. Each
 * group of rows that shares its tables begins with a tile. Rows of a group are padded to whole tiles and columns to 32;
 * padding bits are 0 (the inputs of padding columns are taken as 0).
 *
 * @param rowsPerGroup rows that share their tables, or more than there are; the last group may have fewer
 * @param groupTiles row tiles of a group that is not the last; kept, since the loops ask for it and it takes a division
 */
public record PlaneLayout(int outputs, int inputs, int bits, int rowsPerGroup, int groupTiles) {

    /** Rows of a tile: bytes of the longest vectors. */
    public static final int TILE_ROWS = GroupShape.ROW_MULTIPLE;

    public static final int TILE_COLUMNS = 32;

    /** Row tiles that one token goes through at once, as so many streams of codes. */
    public static final int STREAMS = 4;

    private static final int BYTE_COLUMNS = Byte.SIZE;

    /** Runs of a tile's bytes, one for every eight columns, that look up in the same two tables. */
    public static final int TILE_VECTORS = TILE_COLUMNS / BYTE_COLUMNS;

    /** Bytes of a tile. */
    static final int TILE_BYTES = TILE_ROWS * TILE_VECTORS;

    public PlaneLayout(int outputs, int inputs, int bits, int rowsPerGroup) {
        this(outputs, inputs, bits, rowsPerGroup, Math.ceilDiv(Math.min(rowsPerGroup, outputs), TILE_ROWS));
    }

    public int rowTiles() {
        int before = (outputs - 1) / rowsPerGroup;
        return before * groupTiles + Math.ceilDiv(outputs - before * rowsPerGroup, TILE_ROWS);
    }

    /** The first row of a row tile. */
    public int firstRow(int rowTile) {
        int group = rowTile / groupTiles;
        return group * rowsPerGroup + (rowTile - group * groupTiles) * TILE_ROWS;
    }

    /** The rows of a row tile that are no padding. */
    public int rows(int rowTile) {
        int ofGroup = rowsPerGroup - rowTile % groupTiles * TILE_ROWS;
        return Math.min(TILE_ROWS, Math.min(ofGroup, outputs - firstRow(rowTile)));
    }

    public int columnTiles() {
        return Math.ceilDiv(inputs, TILE_COLUMNS);
    }

    /** Bytes of one bit plane of a row tile. */
    public long planeBytes() {
        return (long) columnTiles() * TILE_BYTES;
    }

    long rowTileBytes() {
        return planeBytes() * bits;
    }

    long bytes() {
        return rowTileBytes() * rowTiles();
    }

    /** The byte that holds row {@code n}, column {@code k} of plane {@code bit}. */
    long byteOffset(int n, int k, int bit) {
        int inGroup = n % rowsPerGroup;
        long rowTile = (long) n / rowsPerGroup * groupTiles + inGroup / TILE_ROWS;
        long tile = (rowTile * bits + bit) * columnTiles() + k / TILE_COLUMNS;
        return tile * TILE_BYTES + k % TILE_COLUMNS / BYTE_COLUMNS * TILE_ROWS + inGroup % TILE_ROWS;
    }

    /** The bit within that byte. */
    static int bitOffset(int k) {
        return k % BYTE_COLUMNS;
    }

    /** Shape of the planes in a file. */
    public long[] shape() {
        return new long[] {rowTiles(), bits, columnTiles(), TILE_BYTES};
    }
}
