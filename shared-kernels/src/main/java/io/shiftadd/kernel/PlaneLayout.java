package io.shiftadd.kernel;

/**
 * Where the bit of {@code B_i[n,k]} lies in the packed planes, U8 {@code [rowTiles, bits, colTiles, 64]}.
 *
 * <p>A tile of 64 bytes is one bit plane of 16 rows × 32 columns. Byte {@code 16·j + r} holds row {@code r}: its low
 * nibble the columns {@code 4·j … 4·j+3} of the tile, its high nibble the columns {@code 16 + 4·j …}; within a nibble
 * the lowest bit is the lowest column. So each 16 bytes look up in one table of 16 entries, which suits 128-bit
 * registers as well as 512-bit ones. Rows are padded to 16 and columns to 32; padding bits are 0 (the inputs of padding
 * columns are taken as 0).
 */
record PlaneLayout(int outputs, int inputs, int bits) {

    static final int TILE_ROWS = 16;
    static final int TILE_COLUMNS = 32;
    static final int TILE_BYTES = TILE_ROWS * TILE_COLUMNS / 8;

    int rowTiles() {
        return Math.ceilDiv(outputs, TILE_ROWS);
    }

    int columnTiles() {
        return Math.ceilDiv(inputs, TILE_COLUMNS);
    }

    /** Bytes of one bit plane of a row tile. */
    long planeBytes() {
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
        long tile = ((long) (n / TILE_ROWS) * bits + bit) * columnTiles() + k / TILE_COLUMNS;
        int group = k % TILE_COLUMNS / 4;
        return tile * TILE_BYTES + (group % 4) * TILE_ROWS + n % TILE_ROWS;
    }

    /** The bit within that byte. */
    static int bitOffset(int k) {
        return k % TILE_COLUMNS / 16 * 4 + k % 4;
    }
}
