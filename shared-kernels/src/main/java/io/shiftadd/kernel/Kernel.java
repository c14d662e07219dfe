package io.shiftadd.kernel;

/**
 * The arithmetic of packed layers; {@link ScalarKernel} specifies it, the vector kernels give the same bits.
 *
 * <p>Float operations are single additions and multiplications in a fixed order, never fused; sums of table entries are
 * integers and exact.
 */
interface Kernel {

    /** {@code v ← H·D·v} in place for one vector. */
    void rotate(HadamardRotation rotation, float[] vector, int offset);

    /** {@code v ← D·Hᵀ·v} in place for one vector. */
    void rotateBack(HadamardRotation rotation, float[] vector, int offset);

    /**
     * Shifted activations {@code u[k] = Σ_t x[k]·(±2^{p_t})} of the columns {@code first … first + count − 1} with the
     * scales of one plane and row group. Every product only moves an exponent: these are shifts and additions, in the
     * order of the terms.
     *
     * @param x column {@code k} at {@code xOffset + k}
     * @param u column {@code first} at 0
     */
    void shift(float[] x, int xOffset, PackedScales scales, int plane, int rowGroup, int first, int count, float[] u);

    /**
     * Tables of one chunk of one plane from shifted activations.
     *
     * @param u {@code 32·tiles} floats, zeros in the padding
     * @param tables written from {@code tableOffset}; of two-byte entries the high bytes {@code highOffset} further
     * @param steps the chunk's step is written at {@code stepIndex}: NaN if an entry is not finite, 0 if all are as
     *     small as {@link #SMALLEST_BOUND}
     */
    void buildTables(
            float[] u,
            int tiles,
            TablePrecision precision,
            byte[] tables,
            int tableOffset,
            int highOffset,
            float[] steps,
            int stepIndex);

    /**
     * Adds up looked-up entries: for every token {@code t} and row {@code n} of the tiles,
     * {@code y[t,n] = Σ_planes Σ_chunks step·(Σ entries − bias·entries)}: planes outermost, one multiplication and one
     * addition in float for each plane and chunk.
     *
     * @param firstTile first row tile
     * @param tiles row tiles
     * @param tables of token {@code t} at {@code tableOffset + t·layout.bytes()}
     * @param steps of token {@code t} at {@code stepOffset + t·layout.steps()}
     * @param y row {@code n} of token {@code t} at {@code yOffset + t·yStride + n}
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
            int yStride);

    /** Below this a chunk's activations count as zero: the reciprocal of the step would not be finite. */
    float SMALLEST_BOUND = 0x1p-100f;
}
