package io.shiftadd.kernel;

/**
 * The look-up tables of one token (and row group): U8 {@code [bits, precision bytes, groups, 16]} with one group for
 * every four columns, padded to whole tiles, and float steps {@code [bits, chunks]}.
 *
 * <p>Entry {@code i} of a group is {@code ±u_0 ±u_1 ±u_2 ±u_3}, plus where bit {@code j} of {@code i} is set, in steps
 * of its chunk and with the bias of the precision; of two bytes the lower comes first.
 */
record TableLayout(int columnTiles, int bits, TablePrecision precision) {

    static final int ENTRIES = 16;
    static final int GROUP_COLUMNS = 4;
    static final int TILE_GROUPS = PlaneLayout.TILE_COLUMNS / GROUP_COLUMNS;
    static final int TILE_TABLE_BYTES = TILE_GROUPS * ENTRIES;

    /** Columns that share a step: few enough for a fine step, enough to make the flush cheap. */
    static final int CHUNK_COLUMNS = 256;

    static final int CHUNK_TILES = CHUNK_COLUMNS / PlaneLayout.TILE_COLUMNS;

    int chunks() {
        return Math.ceilDiv(columnTiles, CHUNK_TILES);
    }

    /** Tiles of a chunk; the last one may have fewer than the others. */
    int tiles(int chunk) {
        return Math.min(CHUNK_TILES, columnTiles - chunk * CHUNK_TILES);
    }

    /** Bytes between the low and the high tables of a plane. */
    int byteTableStride() {
        return columnTiles * TILE_TABLE_BYTES;
    }

    int planeBytes() {
        return byteTableStride() * precision.bytes();
    }

    int bytes() {
        return planeBytes() * bits;
    }

    int steps() {
        return chunks() * bits;
    }
}
