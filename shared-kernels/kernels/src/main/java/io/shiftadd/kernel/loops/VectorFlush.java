package io.shiftadd.kernel.loops;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;

import io.shiftadd.kernel.packed.PlaneLayout;
import io.shiftadd.kernel.species.VectorLength;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Adds the 128-bit lanes of a sum as shorts, which four lanes of a chunk cannot overflow, widens them to ints and then
 * to floats. With 512 bits four units are folded into one vector on the way; with fewer a unit is taken by itself, in
 * 256 bits where there are so many, else in 128. Accumulators are the eight even rows of each unit, then the odd ones.
 */
final class VectorFlush implements SumFlush {

    private static final int SHORTS =
            VectorLength.species(MethodHandles.lookup(), short.class).length();
    private static final boolean FOLDS = SHORTS == ShortVector.SPECIES_512.length();
    private static final VectorSpecies<Short> LANE = ShortVector.SPECIES_128;
    private static final int LANE_SHORTS = LANE.length();
    private static final int HALF_ROWS = PlaneLayout.TILE_ROWS / 2;
    private static final int ODD_ROWS = UNITS * HALF_ROWS;

    private static final VectorSpecies<Integer> I =
            SHORTS > LANE_SHORTS ? IntVector.SPECIES_256 : IntVector.SPECIES_128;
    private static final VectorSpecies<Float> F = I.withLanes(float.class);
    private static final int ROWS = F.length();

    /** Even and odd rows in turn. */
    private static final VectorShuffle<Float> LOWER_PAIRS = VectorShuffle.makeZip(F, 0);

    private static final VectorShuffle<Float> UPPER_PAIRS = VectorShuffle.makeZip(F, 1);

    private static final VectorSpecies<Short> S256 = ShortVector.SPECIES_256;
    private static final VectorSpecies<Integer> I512 = IntVector.SPECIES_512;
    private static final VectorSpecies<Float> F512 = FloatVector.SPECIES_512;

    // 128-bit lanes of two vectors, numbered through.
    private static final ShortVector LOWER_LANES = lanes(0, 2);
    private static final ShortVector UPPER_LANES = lanes(1, 3);
    private static final VectorMask<Float> SECOND_UNIT = VectorMask.fromLong(F512, 0xFF00);

    @Override
    public int unitRows() {
        return PlaneLayout.TILE_ROWS;
    }

    @Override
    public void addFour(
            short[] sums, int at, int bias, float[] steps, int stepAt, int stepStride, float[] rows, int rowsAt) {
        if (FOLDS) {
            foldFour(sums, at, bias, steps, stepAt, stepStride, rows, rowsAt);
            return;
        }
        for (int unit = 0; unit < UNITS; unit++) {
            float step = steps[stepAt + unit * stepStride];
            for (int part = 0; part * ROWS < HALF_ROWS; part++) {
                addBytes(sums, at + unit * 2 * SHORTS, part, bias, step, rows, rowsAt + unit * HALF_ROWS + part * ROWS);
            }
        }
    }

    /** Long because a vector may not leave it. A half that was stored with its whole is read from the store itself. */
    private static void foldFour(
            short[] sums, int at, int bias, float[] steps, int stepAt, int stepStride, float[] rows, int rowsAt) {
        ShortVector allA = ShortVector.fromArray(S256, sums, at).add(ShortVector.fromArray(S256, sums, at + 16));
        ShortVector oddA = ShortVector.fromArray(S256, sums, at + 32).add(ShortVector.fromArray(S256, sums, at + 48));
        ShortVector allB = ShortVector.fromArray(S256, sums, at + 64).add(ShortVector.fromArray(S256, sums, at + 80));
        ShortVector oddB = ShortVector.fromArray(S256, sums, at + 96).add(ShortVector.fromArray(S256, sums, at + 112));
        ShortVector allC = ShortVector.fromArray(S256, sums, at + 128).add(ShortVector.fromArray(S256, sums, at + 144));
        ShortVector oddC = ShortVector.fromArray(S256, sums, at + 160).add(ShortVector.fromArray(S256, sums, at + 176));
        ShortVector allD = ShortVector.fromArray(S256, sums, at + 192).add(ShortVector.fromArray(S256, sums, at + 208));
        ShortVector oddD = ShortVector.fromArray(S256, sums, at + 224).add(ShortVector.fromArray(S256, sums, at + 240));
        ShortVector allAB = LOWER_LANES.selectFrom(allA, allB).add(UPPER_LANES.selectFrom(allA, allB));
        ShortVector oddAB = LOWER_LANES.selectFrom(oddA, oddB).add(UPPER_LANES.selectFrom(oddA, oddB));
        ShortVector allCD = LOWER_LANES.selectFrom(allC, allD).add(UPPER_LANES.selectFrom(allC, allD));
        ShortVector oddCD = LOWER_LANES.selectFrom(oddC, oddD).add(UPPER_LANES.selectFrom(oddC, oddD));
        ShortVector evenAB = allAB.sub(oddAB.lanewise(LSHL, Byte.SIZE));
        ShortVector evenCD = allCD.sub(oddCD.lanewise(LSHL, Byte.SIZE));
        IntVector even0 = ((IntVector) evenAB.convertShape(ZERO_EXTEND_S2I, I512, 0)).sub(bias);
        IntVector even1 = ((IntVector) evenCD.convertShape(ZERO_EXTEND_S2I, I512, 0)).sub(bias);
        IntVector odd0 = ((IntVector) oddAB.convertShape(ZERO_EXTEND_S2I, I512, 0)).sub(bias);
        IntVector odd1 = ((IntVector) oddCD.convertShape(ZERO_EXTEND_S2I, I512, 0)).sub(bias);
        FloatVector step0 = FloatVector.broadcast(F512, steps[stepAt]).blend(steps[stepAt + stepStride], SECOND_UNIT);
        FloatVector step1 = FloatVector.broadcast(F512, steps[stepAt + 2 * stepStride])
                .blend(steps[stepAt + 3 * stepStride], SECOND_UNIT);
        FloatVector.fromArray(F512, rows, rowsAt)
                .add(((FloatVector) even0.convertShape(I2F, F512, 0)).mul(step0))
                .intoArray(rows, rowsAt);
        FloatVector.fromArray(F512, rows, rowsAt + 16)
                .add(((FloatVector) even1.convertShape(I2F, F512, 0)).mul(step1))
                .intoArray(rows, rowsAt + 16);
        FloatVector.fromArray(F512, rows, rowsAt + 32)
                .add(((FloatVector) odd0.convertShape(I2F, F512, 0)).mul(step0))
                .intoArray(rows, rowsAt + 32);
        FloatVector.fromArray(F512, rows, rowsAt + 48)
                .add(((FloatVector) odd1.convertShape(I2F, F512, 0)).mul(step1))
                .intoArray(rows, rowsAt + 48);
    }

    private static void addBytes(short[] sums, int at, int part, int bias, float step, float[] rows, int to) {
        ShortVector all = ShortVector.fromArray(LANE, sums, at);
        ShortVector odd = ShortVector.fromArray(LANE, sums, at + SHORTS);
        for (int lane = LANE_SHORTS; lane < SHORTS; lane += LANE_SHORTS) {
            all = ShortVector.fromArray(LANE, sums, at + lane).add(all);
            odd = ShortVector.fromArray(LANE, sums, at + SHORTS + lane).add(odd);
        }
        ShortVector even = all.sub(odd.lanewise(LSHL, Byte.SIZE));
        IntVector evenSums = ((IntVector) even.convertShape(ZERO_EXTEND_S2I, I, part)).sub(bias);
        IntVector oddSums = ((IntVector) odd.convertShape(ZERO_EXTEND_S2I, I, part)).sub(bias);
        FloatVector.fromArray(F, rows, to)
                .add(((FloatVector) evenSums.convertShape(I2F, F, 0)).mul(step))
                .intoArray(rows, to);
        FloatVector.fromArray(F, rows, to + ODD_ROWS)
                .add(((FloatVector) oddSums.convertShape(I2F, F, 0)).mul(step))
                .intoArray(rows, to + ODD_ROWS);
    }

    @Override
    public void store(float[] rows, int rowsAt, int unit, float[] y, int yAt) {
        for (int part = 0; part * ROWS < HALF_ROWS; part++) {
            int from = rowsAt + unit * HALF_ROWS + part * ROWS;
            FloatVector even = FloatVector.fromArray(F, rows, from);
            FloatVector odd = FloatVector.fromArray(F, rows, from + ODD_ROWS);
            int to = yAt + part * 2 * ROWS;
            even.rearrange(LOWER_PAIRS, odd).intoArray(y, to);
            even.rearrange(UPPER_PAIRS, odd).intoArray(y, to + ROWS);
        }
    }

    private static ShortVector lanes(int... numbers) {
        short[] indexes = new short[S256.length()];
        for (int i = 0; i < indexes.length; i++) {
            indexes[i] = (short) (numbers[i / LANE_SHORTS] * LANE_SHORTS + i % LANE_SHORTS);
        }
        return ShortVector.fromArray(S256, indexes, 0);
    }
}
