package io.shiftadd.kernel.loops;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import io.shiftadd.kernel.species.VectorLength;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Flushes sums of tiles, whose lanes are rows already: a unit has as many rows as a vector has bytes.
 *
 * <p>Of four neighbouring rows' bytes {@code b_0 … b_3} and an int's lower and upper shorts, {@code sum} has
 * {@code Σ(b_0 + 256·b_1)} and {@code Σ(b_2 + 256·b_3)}, {@code shifted} has {@code Σ(b_1 + 256·b_2)} and {@code Σb_3},
 * all modulo 2^16. No row's sum reaches 2^16, so that all four follow from the last one. A unit's accumulators are its
 * rows 0, 4, 8 …, then 1, 5, 9 …, and so on.
 */
final class VectorFlush implements SumFlush {

    private static final VectorSpecies<Short> S = VectorLength.species(MethodHandles.lookup(), short.class);
    private static final VectorSpecies<Float> F = S.withLanes(float.class);
    private static final int SHORTS = S.length();
    private static final int LANES = F.length();
    private static final int ROWS = 2 * SHORTS;
    private static final int SHORT_MASK = 0xFFFF;

    /** Lanes of two vectors in turn. */
    private static final VectorShuffle<Float> LOWER_PAIRS = VectorShuffle.makeZip(F, 0);

    private static final VectorShuffle<Float> UPPER_PAIRS = VectorShuffle.makeZip(F, 1);

    @Override
    public int unitRows() {
        return ROWS;
    }

    @Override
    public void addFour(
            short[] sums, int at, int bias, float[] steps, int stepAt, int stepStride, float[] rows, int rowsAt) {
        for (int unit = 0; unit < UNITS; unit++) {
            float step = steps[stepAt + unit * stepStride];
            int from = at + unit * 2 * SHORTS;
            IntVector sum = ShortVector.fromArray(S, sums, from).reinterpretAsInts();
            IntVector shifted = ShortVector.fromArray(S, sums, from + SHORTS).reinterpretAsInts();
            IntVector row3 = shifted.lanewise(LSHR, Short.SIZE);
            IntVector row2 = sum.lanewise(LSHR, Short.SIZE)
                    .sub(row3.lanewise(LSHL, Byte.SIZE))
                    .and(SHORT_MASK);
            IntVector row1 = shifted.sub(row2.lanewise(LSHL, Byte.SIZE)).and(SHORT_MASK);
            IntVector row0 = sum.sub(row1.lanewise(LSHL, Byte.SIZE)).and(SHORT_MASK);
            int to = rowsAt + unit * ROWS;
            FloatVector.fromArray(F, rows, to)
                    .add(((FloatVector) row0.sub(bias).convertShape(I2F, F, 0)).mul(step))
                    .intoArray(rows, to);
            FloatVector.fromArray(F, rows, to + LANES)
                    .add(((FloatVector) row1.sub(bias).convertShape(I2F, F, 0)).mul(step))
                    .intoArray(rows, to + LANES);
            FloatVector.fromArray(F, rows, to + 2 * LANES)
                    .add(((FloatVector) row2.sub(bias).convertShape(I2F, F, 0)).mul(step))
                    .intoArray(rows, to + 2 * LANES);
            FloatVector.fromArray(F, rows, to + 3 * LANES)
                    .add(((FloatVector) row3.sub(bias).convertShape(I2F, F, 0)).mul(step))
                    .intoArray(rows, to + 3 * LANES);
        }
    }

    @Override
    public void store(float[] rows, int rowsAt, int unit, float[] y, int yAt) {
        int from = rowsAt + unit * ROWS;
        FloatVector row0 = FloatVector.fromArray(F, rows, from);
        FloatVector row1 = FloatVector.fromArray(F, rows, from + LANES);
        FloatVector row2 = FloatVector.fromArray(F, rows, from + 2 * LANES);
        FloatVector row3 = FloatVector.fromArray(F, rows, from + 3 * LANES);
        FloatVector lowerEven = row0.rearrange(LOWER_PAIRS, row2);
        FloatVector lowerOdd = row1.rearrange(LOWER_PAIRS, row3);
        FloatVector upperEven = row0.rearrange(UPPER_PAIRS, row2);
        FloatVector upperOdd = row1.rearrange(UPPER_PAIRS, row3);
        lowerEven.rearrange(LOWER_PAIRS, lowerOdd).intoArray(y, yAt);
        lowerEven.rearrange(UPPER_PAIRS, lowerOdd).intoArray(y, yAt + LANES);
        upperEven.rearrange(LOWER_PAIRS, upperOdd).intoArray(y, yAt + 2 * LANES);
        upperEven.rearrange(UPPER_PAIRS, upperOdd).intoArray(y, yAt + 3 * LANES);
    }
}
