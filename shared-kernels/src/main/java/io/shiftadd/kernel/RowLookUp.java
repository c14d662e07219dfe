package io.shiftadd.kernel;

/**
 * Looks up and adds: for every token {@code t} and row {@code n} of some row tiles
 * {@code y[t,n] = Σ_planes Σ_chunks step·(Σ entries − bias·entries)}, planes outermost; the inner sum in integers, one
 * multiplication and one addition in float for each plane and chunk.
 */
interface RowLookUp {

    /**
     * @param planes the layer's bit planes
     * @param firstTile first row tile
     * @param tiles number of row tiles
     * @param part which planes and chunks to add up
     * @param tables of token {@code t} from {@code tableOffset + t·layout.bytes()}
     * @param steps of token {@code t} from {@code stepOffset + t·layout.steps()}
     * @param y row {@code n} of token {@code t} at {@code yOffset + t·yStride + n}; overwritten
     * @param scratch of the calling thread
     */
    void lookUp(
            PackedPlanes planes,
            int firstTile,
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
