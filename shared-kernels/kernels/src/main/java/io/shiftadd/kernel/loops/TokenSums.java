package io.shiftadd.kernel.loops;

import java.lang.foreign.MemorySegment;

/** Sums of looked-up entries of several tokens, in units as those of {@link TileSums}. */
interface TokenSums {

    /** Tokens of {@link #fourTokens}. */
    int TOKENS = 4;

    /** The most row tiles of {@link #fourTokens}. */
    int PAIR = 2;

    /** Row tiles of {@link #fourTokens}, each of which is a unit for every token: one or {@link #PAIR}. */
    int tiles();

    /**
     * Some row tiles, or a part of one, and four tokens, tokens innermost: codes are taken apart once for four tokens.
     */
    void fourTokens(
            MemorySegment codes,
            long offset,
            long rowTileStride,
            int tiles,
            byte[] tables,
            int tableOffset,
            int tokenStride,
            short[] sums);
}
