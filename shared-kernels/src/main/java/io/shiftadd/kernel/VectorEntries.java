package io.shiftadd.kernel;

import static io.shiftadd.kernel.TableBuilder.ROUND_TO_INTEGER;
import static io.shiftadd.kernel.TableLayout.GROUP_COLUMNS;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * A vector of activations makes the tables of a quarter as many groups. Lane {@code l} of a group has the entries whose
 * two high bits are {@code l}; four vectors, one for each value of the two low bits, are packed into bytes by shifts. The
 * sixteen sums take three additions a lane and four more, since entries with both low signs turned are
 * {@code high − low} instead of {@code high + low}.
 *
 * <p>The loops are written out: a vector that is handed to a helper is boxed whenever the just-in-time compiler happens not
 * to inline it; tables then took up to a quarter of a token in some runs, where they take a twentieth.
 */
final class VectorEntries implements TableEntries {

    private static final VectorSpecies<Float> F = VectorLength.species(MethodHandles.lookup(), float.class);
    private static final int LANES = F.length();

    private static final VectorShuffle<Float> COLUMN_0 = columnOfGroup(0);
    private static final VectorShuffle<Float> COLUMN_1 = columnOfGroup(1);
    private static final VectorShuffle<Float> COLUMN_2 = columnOfGroup(2);
    private static final VectorShuffle<Float> COLUMN_3 = columnOfGroup(3);
    private static final VectorShuffle<Float> BLOCK_OF_LANE = VectorShuffle.fromOp(F, lane -> lane / BLOCK);
    private static final FloatVector SIGN_2 = signOfLane(1);
    private static final FloatVector SIGN_3 = signOfLane(2);

    @Override
    public void shift(float[] x, int xOffset, float[] alphas, int alphaOffset, int count, float[] u) {
        int vectors = count / LANES * LANES;
        for (int k = 0; k < vectors; k += LANES) {
            FloatVector value = FloatVector.fromArray(F, x, xOffset + k);
            value.mul(FloatVector.fromArray(F, alphas, alphaOffset + k)).intoArray(u, k);
        }
        for (int k = vectors; k < count; k++) {
            u[k] = x[xOffset + k] * alphas[alphaOffset + k];
        }
    }

    @Override
    public void scale(float[] alphas, int alphaOffset, int blocks, float inverse, float[] factors, int offset) {
        for (int i = 0; i < blocks; i += LANES) {
            FloatVector.fromArray(F, alphas, alphaOffset + i).mul(inverse).intoArray(factors, offset + i);
        }
    }

    @Override
    public void addSixteen(float[] x, int xOffset, int columns, float[] sums) {
        for (int k = 0; k < columns; k += LANES) {
            FloatVector v = FloatVector.fromArray(F, x, xOffset + k);
            FloatVector u0 = v.rearrange(COLUMN_0);
            FloatVector u1 = v.rearrange(COLUMN_1);
            FloatVector same = u0.add(u1);
            FloatVector opposite = u0.sub(u1);
            FloatVector upper =
                    v.rearrange(COLUMN_2).mul(SIGN_2).add(v.rearrange(COLUMN_3).mul(SIGN_3));
            int at = k * GROUP_COLUMNS;
            upper.sub(same).intoArray(sums, at);
            upper.add(opposite).intoArray(sums, at + LANES);
            upper.sub(opposite).intoArray(sums, at + 2 * LANES);
            upper.add(same).intoArray(sums, at + 3 * LANES);
        }
    }

    @Override
    public void write(float[] u, int columns, float factor, TableLayout layout, byte[] tables, int tableOffset) {
        boolean wide = layout.precision() == TablePrecision.INT16;
        int high = wide ? layout.byteTableStride() : 0;
        FloatVector scale = FloatVector.broadcast(F, factor);
        FloatVector round =
                FloatVector.broadcast(F, ROUND_TO_INTEGER + layout.precision().bias());
        for (int k = 0; k < columns; k += LANES) {
            FloatVector v = FloatVector.fromArray(F, u, k);
            FloatVector u0 = v.rearrange(COLUMN_0);
            FloatVector u1 = v.rearrange(COLUMN_1);
            FloatVector same = u0.add(u1);
            FloatVector opposite = u0.sub(u1);
            FloatVector upper =
                    v.rearrange(COLUMN_2).mul(SIGN_2).add(v.rearrange(COLUMN_3).mul(SIGN_3));
            IntVector entry0 = upper.sub(same).fma(scale, round).reinterpretAsInts();
            IntVector entry1 = upper.add(opposite).fma(scale, round).reinterpretAsInts();
            IntVector entry2 = upper.sub(opposite).fma(scale, round).reinterpretAsInts();
            IntVector entry3 = upper.add(same).fma(scale, round).reinterpretAsInts();
            int at = tableOffset + k * GROUP_COLUMNS;
            if (wide) {
                // The high bytes.
                entry0.lanewise(LSHR, 8)
                        .and(0xFF)
                        .or(entry1.and(0xFF00))
                        .or(entry2.lanewise(LSHL, 8).and(0xFF0000))
                        .or(entry3.lanewise(LSHL, 16).and(0xFF000000))
                        .reinterpretAsBytes()
                        .intoArray(tables, at + high);
            }
            entry0.and(0xFF)
                    .or(entry1.lanewise(LSHL, 8).and(0xFF00))
                    .or(entry2.lanewise(LSHL, 16).and(0xFF0000))
                    .or(entry3.lanewise(LSHL, 24))
                    .reinterpretAsBytes()
                    .intoArray(tables, at);
        }
    }

    @Override
    public void writeScaled(
            float[] u, int uOffset, float[] factors, int columns, TableLayout layout, byte[] tables, int tableOffset) {
        boolean wide = layout.precision() == TablePrecision.INT16;
        int high = wide ? layout.byteTableStride() : 0;
        FloatVector round =
                FloatVector.broadcast(F, ROUND_TO_INTEGER + layout.precision().bias());
        int blocks = columns / BLOCK;
        for (int k = 0; k < columns; k += LANES) {
            FloatVector v = FloatVector.fromArray(F, u, uOffset + k);
            FloatVector u0 = v.rearrange(COLUMN_0);
            FloatVector u1 = v.rearrange(COLUMN_1);
            FloatVector same = u0.add(u1);
            FloatVector opposite = u0.sub(u1);
            FloatVector upper =
                    v.rearrange(COLUMN_2).mul(SIGN_2).add(v.rearrange(COLUMN_3).mul(SIGN_3));
            FloatVector sum0 = upper.sub(same);
            FloatVector sum1 = upper.add(opposite);
            FloatVector sum2 = upper.sub(opposite);
            FloatVector sum3 = upper.add(same);
            int at = tableOffset + k * GROUP_COLUMNS;
            for (int plane = 0; plane < layout.bits(); plane++) {
                FloatVector scale = FloatVector.fromArray(F, factors, plane * blocks + k / BLOCK)
                        .rearrange(BLOCK_OF_LANE);
                IntVector entry0 = sum0.fma(scale, round).reinterpretAsInts();
                IntVector entry1 = sum1.fma(scale, round).reinterpretAsInts();
                IntVector entry2 = sum2.fma(scale, round).reinterpretAsInts();
                IntVector entry3 = sum3.fma(scale, round).reinterpretAsInts();
                if (wide) {
                    entry0.lanewise(LSHR, 8)
                            .and(0xFF)
                            .or(entry1.and(0xFF00))
                            .or(entry2.lanewise(LSHL, 8).and(0xFF0000))
                            .or(entry3.lanewise(LSHL, 16).and(0xFF000000))
                            .reinterpretAsBytes()
                            .intoArray(tables, at + high);
                }
                entry0.and(0xFF)
                        .or(entry1.lanewise(LSHL, 8).and(0xFF00))
                        .or(entry2.lanewise(LSHL, 16).and(0xFF0000))
                        .or(entry3.lanewise(LSHL, 24))
                        .reinterpretAsBytes()
                        .intoArray(tables, at);
                at += layout.planeBytes();
            }
        }
    }

    @Override
    public void writeSums(
            float[] sums,
            int sumsOffset,
            float[] factors,
            int columns,
            TableLayout layout,
            byte[] tables,
            int tableOffset) {
        boolean wide = layout.precision() == TablePrecision.INT16;
        int high = wide ? layout.byteTableStride() : 0;
        FloatVector round =
                FloatVector.broadcast(F, ROUND_TO_INTEGER + layout.precision().bias());
        int blocks = columns / BLOCK;
        for (int plane = 0; plane < layout.bits(); plane++) {
            for (int k = 0; k < columns; k += LANES) {
                FloatVector scale = FloatVector.fromArray(F, factors, plane * blocks + k / BLOCK)
                        .rearrange(BLOCK_OF_LANE);
                int from = sumsOffset + k * GROUP_COLUMNS;
                IntVector entry0 =
                        FloatVector.fromArray(F, sums, from).fma(scale, round).reinterpretAsInts();
                IntVector entry1 = FloatVector.fromArray(F, sums, from + LANES)
                        .fma(scale, round)
                        .reinterpretAsInts();
                IntVector entry2 = FloatVector.fromArray(F, sums, from + 2 * LANES)
                        .fma(scale, round)
                        .reinterpretAsInts();
                IntVector entry3 = FloatVector.fromArray(F, sums, from + 3 * LANES)
                        .fma(scale, round)
                        .reinterpretAsInts();
                int at = tableOffset + plane * layout.planeBytes() + k * GROUP_COLUMNS;
                if (wide) {
                    entry0.lanewise(LSHR, 8)
                            .and(0xFF)
                            .or(entry1.and(0xFF00))
                            .or(entry2.lanewise(LSHL, 8).and(0xFF0000))
                            .or(entry3.lanewise(LSHL, 16).and(0xFF000000))
                            .reinterpretAsBytes()
                            .intoArray(tables, at + high);
                }
                entry0.and(0xFF)
                        .or(entry1.lanewise(LSHL, 8).and(0xFF00))
                        .or(entry2.lanewise(LSHL, 16).and(0xFF0000))
                        .or(entry3.lanewise(LSHL, 24))
                        .reinterpretAsBytes()
                        .intoArray(tables, at);
            }
        }
    }

    private static VectorShuffle<Float> columnOfGroup(int column) {
        return VectorShuffle.fromOp(F, lane -> lane / GROUP_COLUMNS * GROUP_COLUMNS + column);
    }

    private static FloatVector signOfLane(int bit) {
        float[] signs = new float[LANES];
        for (int lane = 0; lane < LANES; lane++) {
            signs[lane] = (lane & bit) != 0 ? 1 : -1;
        }
        return FloatVector.fromArray(F, signs, 0);
    }
}
