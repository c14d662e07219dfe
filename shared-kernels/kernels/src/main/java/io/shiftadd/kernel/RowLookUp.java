package io.shiftadd.kernel;

/**
 * Looks up and adds: for every token {@code t} and row {@code n} of some row tiles
 * {@code y[t,n] = Σ_planes Σ_chunks step·(Σ entries − bias·entries)}, planes outermost; the inner sum in integers, one
 * multiplication and one addition in float for each plane and chunk.
 */
interface RowLookUp {

    /** Tokens whose tables there must be room for: those that are looked up together may be computed for nothing. */
    static int padded(int tokens) {
        return tokens == 1 ? 1 : Math.ceilDiv(tokens, TokenSums.TOKENS) * TokenSums.TOKENS;
    }

    /** Row tiles of a token that are looked up together, as so many streams of codes: a multiple of {@link TileSums#TILES}. */
    int streams();

    /**
     * @param planes the layer's bit planes
     * @param firstTile first row tile
     * @param tileStride from one row tile to the next: those of a call need not be neighbours
     * @param tiles number of row tiles
     * @param tables of token {@code t} from {@code tableOffset + t·layout.tokenStride()}; with room for {@link #padded} tokens
     * @param steps of token {@code t} from {@code stepOffset + t·layout.steps()}; with as much room
     * @param y row {@code n} of token {@code t} at {@code yOffset + t·yStride + n}; overwritten
     * @param scratch of the calling thread
     */
    void lookUp(
            PackedPlanes planes,
            int firstTile,
            int tileStride,
            int tiles,
            TableLayout layout,
            byte[] tables,
            int tableOffset,
            float[] steps,
            int stepOffset,
            int tokens,
            float[] y,
            int yOffset,
            int yStride,
            Scratch scratch);
}
