package io.shiftadd.kernel.loops;

import io.shiftadd.kernel.packed.PlaneLayout;
import java.lang.foreign.MemorySegment;

/**
 * Sums of looked-up entries of some tiles in a row, for one or more units, which are rows of a row tile and a token
 * each. A sum is two vectors, one after the other; units lie one after another.
 *
 * <p>A unit has as many rows as a vector has bytes, one row tile or a part of it. The two entries that a
 * byte selects are added as bytes. {@code sum} adds these bytes in pairs, as shorts, modulo 2^16; {@code shifted} adds,
 * as shorts, too, what is left of four of them, as an int, without its lowest byte. {@link VectorFlush} takes the
 * rows apart again. Shifts are of ints by a constant, which every machine has an instruction for.
 */
interface TileSums {

    /** Row tiles that a piece of rows has at least: the most of {@link #someTiles}. */
    int TILES = PlaneLayout.STREAMS;

    /** Row tiles of {@link #eightTiles}. */
    int MOST = 8;

    /** Shorts of a vector. */
    int shorts();

    /** The most row tiles that vector registers suffice for: {@link #tiles} or {@link #MOST}. */
    int most();

    /** Row tiles of {@link #someTiles}: {@link #TILES}, or fewer where each is several vectors. */
    int tiles();

    /** One row tile, one token: what is left over. */
    void oneTile(MemorySegment codes, long offset, int tiles, byte[] tables, int tableOffset, short[] sums, int at);

    /**
     * One token and {@link #tiles} row tiles: as many sequential streams of codes, which is what the memory's
     * prefetching needs, and a table is loaded once for all of them.
     */
    void someTiles(
            MemorySegment codes,
            long offset,
            long rowTileStride,
            int tiles,
            byte[] tables,
            int tableOffset,
            short[] sums);

    /** Eight row tiles, one token; only where they are {@link #most}. */
    default void eightTiles(
            MemorySegment codes,
            long offset,
            long rowTileStride,
            int tiles,
            byte[] tables,
            int tableOffset,
            short[] sums) {
        throw new UnsupportedOperationException("eight row tiles go in two calls");
    }
}
