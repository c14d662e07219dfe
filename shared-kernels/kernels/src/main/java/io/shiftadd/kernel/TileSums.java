package io.shiftadd.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Sums of looked-up entries of some tiles in a row, for one or more units, which are a row tile and a token each. A sum
 * is two vectors of shorts, {@code all} and {@code odd}: a short {@code s} belongs to the rows {@code 2·s} and
 * {@code 2·s + 1}; {@code odd} has the sums of the odd rows, {@code all − (odd << 8)} those of the even ones, modulo 2^16.
 * Of a tall tile a unit has as many rows as a vector has bytes. Of other tiles every 128-bit lane has the sixteen rows, for
 * different columns, which are still to be added. Units lie one after another.
 */
interface TileSums {

    /** Row tiles of {@link #fourTiles}. */
    int TILES = 4;

    /** Row tiles of {@link #eightTiles}. */
    int MOST = 8;

    /** Shorts of a vector. */
    int shorts();

    /** The most row tiles that vector registers suffice for, {@link #TILES} or {@link #MOST}. */
    int most();

    /** One unit of one byte of 16-bit entries, whose low bytes leave no room to be added as bytes. */
    void wide(MemorySegment codes, long offset, int tiles, byte[] tables, int tableOffset, short[] sums, int at);

    /** One row tile, one token: what is left over. */
    void oneTile(MemorySegment codes, long offset, int tiles, byte[] tables, int tableOffset, short[] sums, int at);

    /**
     * Four row tiles, one token: four sequential streams of codes, which is what the memory's prefetching needs, and a
     * table is loaded once for four row tiles.
     */
    void fourTiles(
            MemorySegment codes,
            long offset,
            long rowTileStride,
            int tiles,
            byte[] tables,
            int tableOffset,
            short[] sums);

    /** Eight row tiles, one token. */
    void eightTiles(
            MemorySegment codes,
            long offset,
            long rowTileStride,
            int tiles,
            byte[] tables,
            int tableOffset,
            short[] sums);
}
