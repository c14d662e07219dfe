package io.shiftadd.kernel;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Adds the 128-bit lanes of a sum as shorts, which four lanes of a chunk cannot overflow, and goes on with eight rows
 * in 256 bits where there are so many, else with twice four in 128 bits.
 */
final class VectorFlush implements SumFlush {

    private static final int SHORTS =
            VectorLength.species(MethodHandles.lookup(), short.class).length();
    private static final VectorSpecies<Short> LANE = ShortVector.SPECIES_128;
    private static final int LANE_SHORTS = LANE.length();
    private static final VectorSpecies<Integer> I =
            SHORTS > LANE_SHORTS ? IntVector.SPECIES_256 : IntVector.SPECIES_128;
    private static final VectorSpecies<Float> F = I.withLanes(float.class);
    private static final int ROWS = F.length();

    /** Even and odd rows in turn. */
    private static final VectorShuffle<Float> LOWER_PAIRS = VectorShuffle.makeZip(F, 0);

    private static final VectorShuffle<Float> UPPER_PAIRS = VectorShuffle.makeZip(F, 1);

    @Override
    public void addUp(
            short[] sums,
            int at,
            int stride,
            TableLayout layout,
            float[] steps,
            int stepOffset,
            float[] rows,
            int rowOffset) {
        for (int part = 0; part * ROWS < LANE_SHORTS; part++) {
            if (layout.precision() == TablePrecision.INT8) {
                addUpBytes(sums, at, stride, part, layout, steps, stepOffset, rows, rowOffset);
            } else {
                addUpShorts(sums, at, stride, part, layout, steps, stepOffset, rows, rowOffset);
            }
        }
    }

    private static void addUpBytes(
            short[] sums,
            int first,
            int stride,
            int part,
            TableLayout layout,
            float[] steps,
            int stepOffset,
            float[] rows,
            int rowOffset) {
        FloatVector evenRows = FloatVector.zero(F);
        FloatVector oddRows = evenRows;
        int chunks = layout.chunks();
        int at = first;
        for (int step = 0; step < layout.steps(); step += chunks) {
            for (int chunk = 0; chunk < chunks; chunk++) {
                int bias = layout.chunkBias(chunk);
                float scale = steps[stepOffset + step + chunk];
                ShortVector all = ShortVector.fromArray(LANE, sums, at);
                ShortVector odd = ShortVector.fromArray(LANE, sums, at + SHORTS);
                for (int lane = LANE_SHORTS; lane < SHORTS; lane += LANE_SHORTS) {
                    all = all.add(ShortVector.fromArray(LANE, sums, at + lane));
                    odd = odd.add(ShortVector.fromArray(LANE, sums, at + SHORTS + lane));
                }
                ShortVector even = all.sub(odd.lanewise(LSHL, Byte.SIZE));
                IntVector evenSums = (IntVector) even.convertShape(ZERO_EXTEND_S2I, I, part);
                IntVector oddSums = (IntVector) odd.convertShape(ZERO_EXTEND_S2I, I, part);
                evenRows = evenRows.add(((FloatVector) evenSums.sub(bias).convertShape(I2F, F, 0)).mul(scale));
                oddRows = oddRows.add(((FloatVector) oddSums.sub(bias).convertShape(I2F, F, 0)).mul(scale));
                at += stride;
            }
        }
        int target = rowOffset + part * 2 * ROWS;
        evenRows.rearrange(LOWER_PAIRS, oddRows).intoArray(rows, target);
        evenRows.rearrange(UPPER_PAIRS, oddRows).intoArray(rows, target + ROWS);
    }

    private static void addUpShorts(
            short[] sums,
            int first,
            int stride,
            int part,
            TableLayout layout,
            float[] steps,
            int stepOffset,
            float[] rows,
            int rowOffset) {
        FloatVector evenRows = FloatVector.zero(F);
        FloatVector oddRows = evenRows;
        int chunks = layout.chunks();
        int at = first;
        for (int step = 0; step < layout.steps(); step += chunks) {
            for (int chunk = 0; chunk < chunks; chunk++) {
                IntVector evenSums = IntVector.broadcast(I, -layout.chunkBias(chunk));
                IntVector oddSums = evenSums;
                float scale = steps[stepOffset + step + chunk];
                for (int shift = 0; shift < Short.SIZE; shift += Byte.SIZE) {
                    ShortVector all = ShortVector.fromArray(LANE, sums, at);
                    ShortVector odd = ShortVector.fromArray(LANE, sums, at + SHORTS);
                    for (int lane = LANE_SHORTS; lane < SHORTS; lane += LANE_SHORTS) {
                        all = all.add(ShortVector.fromArray(LANE, sums, at + lane));
                        odd = odd.add(ShortVector.fromArray(LANE, sums, at + SHORTS + lane));
                    }
                    ShortVector even = all.sub(odd.lanewise(LSHL, Byte.SIZE));
                    IntVector evenBytes = (IntVector) even.convertShape(ZERO_EXTEND_S2I, I, part);
                    IntVector oddBytes = (IntVector) odd.convertShape(ZERO_EXTEND_S2I, I, part);
                    evenSums = evenSums.add(evenBytes.lanewise(LSHL, shift));
                    oddSums = oddSums.add(oddBytes.lanewise(LSHL, shift));
                    at += stride;
                }
                evenRows = evenRows.add(((FloatVector) evenSums.convertShape(I2F, F, 0)).mul(scale));
                oddRows = oddRows.add(((FloatVector) oddSums.convertShape(I2F, F, 0)).mul(scale));
            }
        }
        int target = rowOffset + part * 2 * ROWS;
        evenRows.rearrange(LOWER_PAIRS, oddRows).intoArray(rows, target);
        evenRows.rearrange(UPPER_PAIRS, oddRows).intoArray(rows, target + ROWS);
    }
}
