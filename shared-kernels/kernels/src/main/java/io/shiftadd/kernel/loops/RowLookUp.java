package io.shiftadd.kernel.loops;

import io.shiftadd.kernel.packed.RowPass;
import io.shiftadd.kernel.packed.Scratch;

/**
 * Looks up and adds: for every token {@code t} and row {@code n} of some row tiles
 * {@code y[t,n] = Σ_planes Σ_chunks step·(Σ entries − bias·entries)}, planes outermost; the inner sum in integers, one
 * multiplication and one addition in float for each plane and chunk.
 */
public interface RowLookUp {

    /** Row tiles that one token goes through at once, at least where there are as many. */
    int STREAMS = TileSums.TILES;

    /** Tokens that are looked up together. */
    int TOKENS = TokenSums.TOKENS;

    /** Row tiles that several tokens go through at once, at most. */
    int PAIR = TokenSums.PAIR;

    /** Tokens whose tables there must be room for: those that are looked up together may be computed for nothing. */
    static int padded(int tokens) {
        return tokens == 1 ? 1 : Math.ceilDiv(tokens, TOKENS) * TOKENS;
    }

    /** Row tiles of a token that are looked up together, as so many streams of codes. */
    int streams();

    /**
     * Overwrites the rows of some row tiles.
     *
     * @param pass planes, tables and result
     * @param firstTile first row tile
     * @param tileStride from one row tile to the next: those of a call need not be neighbours
     * @param tiles number of row tiles
     * @param scratch of the calling thread
     */
    void lookUp(RowPass pass, int firstTile, int tileStride, int tiles, Scratch scratch);
}
