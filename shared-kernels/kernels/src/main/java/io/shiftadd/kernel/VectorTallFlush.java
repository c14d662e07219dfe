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
 * Flushes sums of tall tiles, whose lanes are rows already: a unit has as many rows as a vector has bytes. Its
 * accumulators are the even rows, then the odd ones.
 */
final class VectorTallFlush implements SumFlush {

    private static final VectorSpecies<Short> S = VectorLength.species(MethodHandles.lookup(), short.class);
    private static final VectorSpecies<Integer> I = S.withLanes(int.class);
    private static final VectorSpecies<Float> F = S.withLanes(float.class);
    private static final int SHORTS = S.length();
    private static final int LANES = F.length();
    private static final int ROWS = 2 * SHORTS;

    /** Even and odd rows in turn. */
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
            ShortVector all = ShortVector.fromArray(S, sums, at + unit * 2 * SHORTS);
            ShortVector odd = ShortVector.fromArray(S, sums, at + unit * 2 * SHORTS + SHORTS);
            ShortVector even = all.sub(odd.lanewise(LSHL, Byte.SIZE));
            int to = rowsAt + unit * ROWS;
            for (int part = 0; part < 2; part++, to += LANES) {
                IntVector evenSums = ((IntVector) even.convertShape(ZERO_EXTEND_S2I, I, part)).sub(bias);
                IntVector oddSums = ((IntVector) odd.convertShape(ZERO_EXTEND_S2I, I, part)).sub(bias);
                FloatVector.fromArray(F, rows, to)
                        .add(((FloatVector) evenSums.convertShape(I2F, F, 0)).mul(step))
                        .intoArray(rows, to);
                FloatVector.fromArray(F, rows, to + SHORTS)
                        .add(((FloatVector) oddSums.convertShape(I2F, F, 0)).mul(step))
                        .intoArray(rows, to + SHORTS);
            }
        }
    }

    @Override
    public void addWide(short[] sums, int lowAt, int highAt, int bias, float step, float[] rows, int rowsAt) {
        ShortVector lowAll = ShortVector.fromArray(S, sums, lowAt);
        ShortVector lowOdd = ShortVector.fromArray(S, sums, lowAt + SHORTS);
        ShortVector lowEven = lowAll.sub(lowOdd.lanewise(LSHL, Byte.SIZE));
        ShortVector highAll = ShortVector.fromArray(S, sums, highAt);
        ShortVector highOdd = ShortVector.fromArray(S, sums, highAt + SHORTS);
        ShortVector highEven = highAll.sub(highOdd.lanewise(LSHL, Byte.SIZE));
        int to = rowsAt;
        for (int part = 0; part < 2; part++, to += LANES) {
            IntVector evenHigh = (IntVector) highEven.convertShape(ZERO_EXTEND_S2I, I, part);
            IntVector oddHigh = (IntVector) highOdd.convertShape(ZERO_EXTEND_S2I, I, part);
            IntVector evenSums = ((IntVector) lowEven.convertShape(ZERO_EXTEND_S2I, I, part))
                    .sub(bias)
                    .add(evenHigh.lanewise(LSHL, Byte.SIZE));
            IntVector oddSums = ((IntVector) lowOdd.convertShape(ZERO_EXTEND_S2I, I, part))
                    .sub(bias)
                    .add(oddHigh.lanewise(LSHL, Byte.SIZE));
            FloatVector.fromArray(F, rows, to)
                    .add(((FloatVector) evenSums.convertShape(I2F, F, 0)).mul(step))
                    .intoArray(rows, to);
            FloatVector.fromArray(F, rows, to + SHORTS)
                    .add(((FloatVector) oddSums.convertShape(I2F, F, 0)).mul(step))
                    .intoArray(rows, to + SHORTS);
        }
    }

    @Override
    public void store(float[] rows, int rowsAt, int unit, float[] y, int yAt) {
        int from = rowsAt + unit * ROWS;
        int to = yAt;
        for (int part = 0; part < 2; part++, from += LANES, to += 2 * LANES) {
            FloatVector even = FloatVector.fromArray(F, rows, from);
            FloatVector odd = FloatVector.fromArray(F, rows, from + SHORTS);
            even.rearrange(LOWER_PAIRS, odd).intoArray(y, to);
            even.rearrange(UPPER_PAIRS, odd).intoArray(y, to + LANES);
        }
    }
}
