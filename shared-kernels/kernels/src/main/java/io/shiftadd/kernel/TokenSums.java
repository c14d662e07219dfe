package io.shiftadd.kernel;

import java.lang.foreign.MemorySegment;

/** Sums of looked-up entries of several tokens, in units as those of {@link TileSums}. */
interface TokenSums {

    /** Row tiles of {@link #twoTilesFourTokens}. */
    int PAIR = 2;

    /** Tokens of {@link #twoTilesFourTokens}. */
    int TOKENS = 4;

    /** Two row tiles, four tokens, tokens innermost: codes are loaded and taken apart once for four tokens. */
    void twoTilesFourTokens(
            MemorySegment codes,
            long offset,
            long rowTileStride,
            int tiles,
            byte[] tables,
            int tableOffset,
            int tokenStride,
            short[] sums);
}
