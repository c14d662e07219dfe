package io.shiftadd.kernel.packed;

import io.shiftadd.kernel.coding.GroupShape;

/**
 * Where the bit of {@code B_i[n,k]} lies in the packed planes, U8 {@code [rowTiles, bits, colTiles, 4·tileRows]}.
 *
 * <p>A tile is one bit plane of 64 rows × 32 columns, or of 16 × 32 where fewer rows share their tables. Byte
 * {@code tileRows·j + r} holds row {@code r}. Of 64 rows it has the columns {@code 8·j … 8·j+7} of the tile, so that 64
 * bytes look up in the same two tables; of 16 rows its low nibble has the columns {@code 4·j … 4·j+3} and its high
 * nibble {@code 16 + 4·j …}, so that 64 bytes look up in four neighbouring tables, and in four others. Within a nibble
 * the lowest bit is the lowest column. Rows are padded to whole tiles and columns to 32; padding bits are 0 (the inputs
 * of padding columns are taken as 0).
 *
 * @param tileRows {@link #TALL_ROWS} or {@link #TILE_ROWS}
 */
public record PlaneLayout(int outputs, int inputs, int bits, int tileRows) {

    /** Rows of a tile that fits any group of rows. */
    public static final int TILE_ROWS = GroupShape.ROW_MULTIPLE;

    /** Rows of a tall tile: bytes of the longest vectors. */
    public static final int TALL_ROWS = 64;

    public static final int TILE_COLUMNS = 32;

    /** Row tiles that one token goes through at once, as so many streams of codes. */
    public static final int STREAMS = 4;

    /** Runs of a tile's bytes, one for every eight columns, that look up in the same two tables. */
    public static final int TILE_VECTORS = TILE_COLUMNS / 8;

    public PlaneLayout {
        if (tileRows != TILE_ROWS && tileRows != TALL_ROWS) {
            throw new IllegalArgumentException(
                    "a tile has " + TILE_ROWS + " or " + TALL_ROWS + " rows, not " + tileRows);
        }
    }

    /**
     * The layout in which layers are written: tall tiles where they come out even, and where the rows that share tables
     * have {@link TileSums#TILES} of them, or so many times that, or all but one of the next: what one token goes
     * through at once.
     */
    public static PlaneLayout of(int outputs, int inputs, int bits, int rowsPerGroup) {
        boolean whole = outputs % TALL_ROWS == 0 && rowsPerGroup % TALL_ROWS == 0;
        int tiles = rowsPerGroup / TALL_ROWS;
        boolean fours = tiles >= STREAMS && tiles % STREAMS % (STREAMS - 1) == 0;
        boolean tall = outputs % TALL_ROWS == 0 && rowsPerGroup >= outputs || whole && fours;
        return new PlaneLayout(outputs, inputs, bits, tall ? TALL_ROWS : TILE_ROWS);
    }

    public int rowTiles() {
        return Math.ceilDiv(outputs, tileRows);
    }

    public int columnTiles() {
        return Math.ceilDiv(inputs, TILE_COLUMNS);
    }

    /** Bytes of a tile. */
    public int tileBytes() {
        return tileRows * TILE_VECTORS;
    }

    /** Bytes of one bit plane of a row tile. */
    public long planeBytes() {
        return (long) columnTiles() * tileBytes();
    }

    long rowTileBytes() {
        return planeBytes() * bits;
    }

    long bytes() {
        return rowTileBytes() * rowTiles();
    }

    public boolean tall() {
        return tileRows == TALL_ROWS;
    }

    /** Groups of four columns from that of a byte's low nibble to that of its high nibble. */
    public int pairDistance() {
        return tall() ? 1 : TILE_VECTORS;
    }

    /** The byte that holds row {@code n}, column {@code k} of plane {@code bit}. */
    long byteOffset(int n, int k, int bit) {
        long tile = ((long) (n / tileRows) * bits + bit) * columnTiles() + k / TILE_COLUMNS;
        int group = k % TILE_COLUMNS / 4;
        int vector = tall() ? group / 2 : group % TILE_VECTORS;
        return tile * tileBytes() + vector * tileRows + n % tileRows;
    }

    /** The bit within that byte. */
    int bitOffset(int k) {
        int group = k % TILE_COLUMNS / 4;
        return (tall() ? group % 2 : group / TILE_VECTORS) * 4 + k % 4;
    }
}
