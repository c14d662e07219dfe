package io.shiftadd.kernel.tables;

import static io.shiftadd.kernel.packed.TableLayout.GROUP_COLUMNS;
import static io.shiftadd.kernel.tables.TableEntries.BLOCK;
import static jdk.incubator.vector.VectorOperators.MAX;

import io.shiftadd.kernel.species.VectorLength;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Sums are added in the order of the plain loops. Maxima are found among their bits as ints, so that NaN wins. */
final class VectorBounds implements TableBounds {

    private static final VectorSpecies<Float> F = VectorLength.species(MethodHandles.lookup(), float.class);
    private static final VectorSpecies<Integer> I = F.withLanes(int.class);
    private static final int LANES = F.length();

    private static final int BLOCK_GROUPS = BLOCK / GROUP_COLUMNS;

    private static final VectorShuffle<Float> BLOCK_OF_GROUP = VectorShuffle.fromOp(F, lane -> lane / BLOCK_GROUPS);
    private static final VectorShuffle<Float> LANE_OF_GROUP =
            VectorShuffle.fromOp(F, lane -> lane * GROUP_COLUMNS % LANES);

    private static final VectorShuffle<Float> NEIGHBOUR = VectorShuffle.fromOp(F, lane -> lane ^ 1);

    /** Floats of a step of {@link #largestPair}: at least two groups. */
    private static final int EIGHT = Math.max(LANES, 2 * GROUP_COLUMNS);

    private static final VectorShuffle<Float> NEXT_GROUP =
            VectorShuffle.fromOp(F, lane -> (lane ^ GROUP_COLUMNS) % LANES);
    private static final VectorShuffle<Float> NEXT_PAIR = VectorShuffle.fromOp(F, lane -> lane ^ 2);

    @Override
    public void magnitudes(float[] x, int xOffset, int count, int groups, float[] magnitudes, int offset) {
        int vectors = count / LANES * LANES;
        for (int k = 0; k < vectors; k += LANES) {
            FloatVector magnitude = FloatVector.fromArray(F, x, xOffset + k).abs();
            FloatVector pair = magnitude.add(magnitude.rearrange(NEIGHBOUR));
            // The sum is in all lanes of its group; what follows the vector's groups is overwritten by the next ones.
            pair.add(pair.rearrange(NEXT_PAIR))
                    .rearrange(LANE_OF_GROUP)
                    .intoArray(magnitudes, offset + k / GROUP_COLUMNS);
        }
        int done = vectors / GROUP_COLUMNS;
        ScalarTables.magnitudes(x, xOffset + vectors, count - vectors, groups - done, magnitudes, offset + done);
    }

    @Override
    public float largestPair(float[] u, int columns) {
        IntVector largest = IntVector.zero(I);
        for (int k = 0; k < columns; k += EIGHT) {
            FloatVector magnitude = FloatVector.fromArray(F, u, k).abs();
            FloatVector pair = magnitude.add(magnitude.rearrange(NEIGHBOUR));
            FloatVector low = pair.add(pair.rearrange(NEXT_PAIR));
            FloatVector high = low.rearrange(NEXT_GROUP);
            if (LANES < EIGHT) {
                FloatVector next = FloatVector.fromArray(F, u, k + LANES).abs();
                FloatVector nextPair = next.add(next.rearrange(NEIGHBOUR));
                high = nextPair.add(nextPair.rearrange(NEXT_PAIR));
            }
            largest = low.add(high).abs().reinterpretAsInts().max(largest);
        }
        return Float.intBitsToFloat(largest.reduceLanes(MAX));
    }

    /** Groups beyond the last count as 0, whatever α is loaded for them. */
    @Override
    public float largestProduct(float[] magnitudes, int offset, int groups, float[] alphas, int alphaOffset) {
        IntVector largest = IntVector.zero(I);
        for (int g = 0; g < groups; g += LANES) {
            FloatVector shifted = FloatVector.fromArray(F, alphas, alphaOffset + g / BLOCK_GROUPS)
                    .rearrange(BLOCK_OF_GROUP)
                    .mul(FloatVector.fromArray(F, magnitudes, offset + g, F.indexInRange(g, groups)))
                    .abs();
            largest =
                    largest.max(shifted.add(shifted.rearrange(NEIGHBOUR)).abs().reinterpretAsInts());
        }
        return Float.intBitsToFloat(largest.reduceLanes(MAX));
    }
}
