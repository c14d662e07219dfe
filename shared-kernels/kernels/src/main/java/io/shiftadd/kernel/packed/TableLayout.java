package io.shiftadd.kernel.packed;

/**
 * The look-up tables of one token (and row group): U8 {@code [bits, groups, 16]} with one group for
 * every four columns, padded to whole tiles, and float steps {@code [bits, chunks]}.
 *
 * <p>Entry {@code i} of a group is {@code ±u_0 ±u_1 ±u_2 ±u_3}, plus where bit {@code j} of {@code i} is set, in steps
 * of its chunk, with {@link #BIAS} added and modulo 256: two entries, each off by at most half a step, add up to at
 * most 127 of either sign, so they can be added as bytes. The tables of the next token follow {@link #tokenStride()}
 * bytes later.
 *
 * @param columnTiles tiles of 32 columns
 * @param bits planes with tables of their own
 * @param chunkTiles tiles that share a step, at most {@link #CHUNK_TILES}
 * @param chunks of all columns; kept, since the innermost loops ask for it and it takes a division
 */
public record TableLayout(int columnTiles, int bits, int chunkTiles, int chunks) {

    public static final int ENTRIES = 16;
    public static final int GROUP_COLUMNS = 4;
    public static final int TILE_GROUPS = PlaneLayout.TILE_COLUMNS / GROUP_COLUMNS;
    public static final int TILE_TABLE_BYTES = TILE_GROUPS * ENTRIES;

    /**
     * Columns that share a step: few enough for a fine step, enough to make
     * the flush cheap. Two bytes for every four columns and 16-bit lane add up to less than 2^16.
     */
    public static final int CHUNK_COLUMNS = 2048;

    /** Tiles of a chunk, unless scales ask for fewer. */
    public static final int CHUNK_TILES = CHUNK_COLUMNS / PlaneLayout.TILE_COLUMNS;

    /** The largest magnitude of two entries that are looked up together, in steps. */
    public static final int LEVELS = 126;

    /** What is added to an entry, so that the sum of two of them is not negative. */
    public static final int BIAS = 64;

    private static final int PAGE = 4096;
    private static final int HALF_PAGE = PAGE / 2;

    public TableLayout(int columnTiles, int bits) {
        this(columnTiles, bits, CHUNK_TILES);
    }

    public TableLayout(int columnTiles, int bits, int chunkTiles) {
        this(columnTiles, bits, chunkTiles, Math.ceilDiv(columnTiles, chunkTiles));
    }

    /** Tiles of a chunk; the last one may have fewer than the others. */
    public int tiles(int chunk) {
        return Math.min(chunkTiles, columnTiles - chunk * chunkTiles);
    }

    /** Columns before a chunk. */
    public int firstColumn(int chunk) {
        return chunk * chunkTiles * PlaneLayout.TILE_COLUMNS;
    }

    /** Where the tables of a chunk begin, within those of a token. */
    public int chunkOffset(int plane, int chunk) {
        return plane * planeBytes() + chunk * chunkTiles * TILE_TABLE_BYTES;
    }

    /** What the biases of a row's entries in a chunk add up to. */
    public int chunkBias(int chunk) {
        return tiles(chunk) * TILE_GROUPS * BIAS;
    }

    public int planeBytes() {
        return columnTiles * TILE_TABLE_BYTES;
    }

    public int bytes() {
        return planeBytes() * bits;
    }

    /**
     * Bytes from one token's tables to the next one's: half a page more than a multiple of pages, so that the same
     * chunk of several tokens does not fall into the same few lines of the first-level cache.
     */
    public int tokenStride() {
        return Math.ceilDiv(bytes() - HALF_PAGE, PAGE) * PAGE + HALF_PAGE;
    }

    public int steps() {
        return chunks() * bits;
    }
}
