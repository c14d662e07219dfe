package io.shiftadd.kernel.tables;

import static io.shiftadd.kernel.packed.TableLayout.BIAS;
import static io.shiftadd.kernel.packed.TableLayout.ENTRIES;
import static io.shiftadd.kernel.packed.TableLayout.GROUP_COLUMNS;
import static io.shiftadd.kernel.tables.TableBuilder.ROUND_TO_INTEGER;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.XOR;

import io.shiftadd.kernel.packed.TableLayout;
import io.shiftadd.kernel.species.VectorLength;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Half the entries are made, those with a minus before {@code u_3}: entry {@code 15 − i} is entry {@code i}
 * with all signs turned, rounding is symmetric, and so the other half is {@code 2·bias} less the first. Lane {@code l}
 * of a group has the entries whose bits 1 and 2 are {@code l}. Four vectors, two vectors of activations by the values
 * of bit 0, are packed into bytes by shifts, and a permutation of bytes makes two vectors of tables of them.
 *
 * <p>Of several tokens whose columns share their scale all sixteen are made. Lane {@code l} of a
 * group has the entries whose two high bits are {@code l}, a vector for each value of the two low ones. They take three
 * additions a lane and four more, since entries with both low signs turned are {@code high − low} instead of
 * {@code high + low}.
 *
 * <p>The loops are written out: a vector that is handed to a helper is boxed whenever the just-in-time compiler happens
 * not to inline it; tables then took up to a quarter of a token in some runs, where they take a twentieth.
 */
final class VectorEntries implements TableEntries {

    private static final VectorSpecies<Float> F = VectorLength.species(MethodHandles.lookup(), float.class);
    private static final int LANES = F.length();

    private static final VectorShuffle<Float> COLUMN_0 = columnOfGroup(0);
    private static final VectorShuffle<Float> COLUMN_1 = columnOfGroup(1);
    private static final VectorShuffle<Float> COLUMN_2 = columnOfGroup(2);
    private static final VectorShuffle<Float> COLUMN_3 = columnOfGroup(3);
    private static final VectorShuffle<Float> BLOCK_OF_LANE = VectorShuffle.fromOp(F, lane -> lane / BLOCK);
    private static final FloatVector LOW_BIT = signOfLane(1);
    private static final FloatVector HIGH_BIT = signOfLane(2);

    private static final VectorSpecies<Byte> B = F.withLanes(byte.class);

    /** Where the bytes of the first, and of the second, vector of tables are among packed entries. */
    private static final ByteVector FIRST_TABLES = packed(0);

    private static final ByteVector SECOND_TABLES = packed(1);

    // e or 2·bias − e = (255 − e) + (2·bias + 1), modulo 256.
    private static final ByteVector TURNED = inUpperHalf(0xFF);
    private static final ByteVector TWICE_BIAS = inUpperHalf(2 * BIAS + 1);

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
    public void addEight(float[] x, int xOffset, int columns, float[] sums) {
        for (int k = 0; k < columns; k += LANES) {
            FloatVector v = FloatVector.fromArray(F, x, xOffset + k);
            FloatVector u0 = v.rearrange(COLUMN_0);
            FloatVector u1 = v.rearrange(COLUMN_1).mul(LOW_BIT);
            FloatVector upper = v.rearrange(COLUMN_2).mul(HIGH_BIT).sub(v.rearrange(COLUMN_3));
            int at = k * SUMS_OF_COLUMN;
            u1.sub(u0).add(upper).intoArray(sums, at);
            u1.add(u0).add(upper).intoArray(sums, at + LANES);
        }
    }

    @Override
    public void write(float[] u, int columns, float factor, byte[] tables, int tableOffset) {
        FloatVector scale = FloatVector.broadcast(F, factor);
        FloatVector round = FloatVector.broadcast(F, ROUND_TO_INTEGER + BIAS);
        for (int k = 0; k < columns; k += 2 * LANES) {
            FloatVector v = FloatVector.fromArray(F, u, k);
            FloatVector v0 = v.rearrange(COLUMN_0);
            FloatVector v1 = v.rearrange(COLUMN_1).mul(LOW_BIT);
            FloatVector vUpper = v.rearrange(COLUMN_2).mul(HIGH_BIT).sub(v.rearrange(COLUMN_3));
            FloatVector w = FloatVector.fromArray(F, u, k + LANES);
            FloatVector w0 = w.rearrange(COLUMN_0);
            FloatVector w1 = w.rearrange(COLUMN_1).mul(LOW_BIT);
            FloatVector wUpper = w.rearrange(COLUMN_2).mul(HIGH_BIT).sub(w.rearrange(COLUMN_3));
            IntVector entry0 = v1.sub(v0).add(vUpper).fma(scale, round).reinterpretAsInts();
            IntVector entry1 = v1.add(v0).add(vUpper).fma(scale, round).reinterpretAsInts();
            IntVector entry2 = w1.sub(w0).add(wUpper).fma(scale, round).reinterpretAsInts();
            IntVector entry3 = w1.add(w0).add(wUpper).fma(scale, round).reinterpretAsInts();
            ByteVector half = entry0.and(0xFF)
                    .or(entry1.lanewise(LSHL, 8).and(0xFF00))
                    .or(entry2.lanewise(LSHL, 16).and(0xFF0000))
                    .or(entry3.lanewise(LSHL, 24))
                    .reinterpretAsBytes();
            int at = tableOffset + k * GROUP_COLUMNS;
            FIRST_TABLES.selectFrom(half).lanewise(XOR, TURNED).add(TWICE_BIAS).intoArray(tables, at);
            SECOND_TABLES
                    .selectFrom(half)
                    .lanewise(XOR, TURNED)
                    .add(TWICE_BIAS)
                    .intoArray(tables, at + LANES * GROUP_COLUMNS);
        }
    }

    @Override
    public void writeScaled(
            float[] u,
            int uOffset,
            float[] factors,
            int planes,
            int columns,
            TableLayout layout,
            byte[] tables,
            int tableOffset) {
        FloatVector round = FloatVector.broadcast(F, ROUND_TO_INTEGER + BIAS);
        int blocks = columns / BLOCK;
        for (int k = 0; k < columns; k += LANES) {
            FloatVector v = FloatVector.fromArray(F, u, uOffset + k);
            FloatVector u0 = v.rearrange(COLUMN_0);
            FloatVector u1 = v.rearrange(COLUMN_1);
            FloatVector same = u0.add(u1);
            FloatVector opposite = u0.sub(u1);
            FloatVector upper =
                    v.rearrange(COLUMN_2).mul(LOW_BIT).add(v.rearrange(COLUMN_3).mul(HIGH_BIT));
            FloatVector sum0 = upper.sub(same);
            FloatVector sum1 = upper.add(opposite);
            FloatVector sum2 = upper.sub(opposite);
            FloatVector sum3 = upper.add(same);
            int at = tableOffset + k * GROUP_COLUMNS;
            for (int plane = 0; plane < planes; plane++) {
                FloatVector scale = FloatVector.fromArray(F, factors, plane * blocks + k / BLOCK)
                        .rearrange(BLOCK_OF_LANE);
                IntVector entry0 = sum0.fma(scale, round).reinterpretAsInts();
                IntVector entry1 = sum1.fma(scale, round).reinterpretAsInts();
                IntVector entry2 = sum2.fma(scale, round).reinterpretAsInts();
                IntVector entry3 = sum3.fma(scale, round).reinterpretAsInts();
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
        FloatVector round = FloatVector.broadcast(F, ROUND_TO_INTEGER + BIAS);
        int blocks = columns / BLOCK;
        for (int plane = 0; plane < layout.bits(); plane++) {
            for (int k = 0; k < columns; k += 2 * LANES) {
                FloatVector scale = FloatVector.fromArray(F, factors, plane * blocks + k / BLOCK)
                        .rearrange(BLOCK_OF_LANE);
                FloatVector nextScale = FloatVector.fromArray(F, factors, plane * blocks + (k + LANES) / BLOCK)
                        .rearrange(BLOCK_OF_LANE);
                int from = sumsOffset + k * SUMS_OF_COLUMN;
                IntVector entry0 =
                        FloatVector.fromArray(F, sums, from).fma(scale, round).reinterpretAsInts();
                IntVector entry1 = FloatVector.fromArray(F, sums, from + LANES)
                        .fma(scale, round)
                        .reinterpretAsInts();
                IntVector entry2 = FloatVector.fromArray(F, sums, from + 2 * LANES)
                        .fma(nextScale, round)
                        .reinterpretAsInts();
                IntVector entry3 = FloatVector.fromArray(F, sums, from + 3 * LANES)
                        .fma(nextScale, round)
                        .reinterpretAsInts();
                ByteVector half = entry0.and(0xFF)
                        .or(entry1.lanewise(LSHL, 8).and(0xFF00))
                        .or(entry2.lanewise(LSHL, 16).and(0xFF0000))
                        .or(entry3.lanewise(LSHL, 24))
                        .reinterpretAsBytes();
                int at = tableOffset + plane * layout.planeBytes() + k * GROUP_COLUMNS;
                FIRST_TABLES
                        .selectFrom(half)
                        .lanewise(XOR, TURNED)
                        .add(TWICE_BIAS)
                        .intoArray(tables, at);
                SECOND_TABLES
                        .selectFrom(half)
                        .lanewise(XOR, TURNED)
                        .add(TWICE_BIAS)
                        .intoArray(tables, at + LANES * GROUP_COLUMNS);
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

    /** Packed are bytes [group of a vector, bits 1 and 2, vector, bit 0], tables are [group, entry]. */
    private static ByteVector packed(int vector) {
        byte[] indexes = new byte[B.length()];
        for (int i = 0; i < indexes.length; i++) {
            int entry = i % ENTRIES;
            int made = Math.min(entry, ENTRIES - 1 - entry);
            int lane = i / ENTRIES * GROUP_COLUMNS + made / 2;
            indexes[i] = (byte) (lane * Float.BYTES + vector * 2 + made % 2);
        }
        return ByteVector.fromArray(B, indexes, 0);
    }

    private static ByteVector inUpperHalf(int value) {
        byte[] bytes = new byte[B.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i % ENTRIES < ENTRIES / 2 ? 0 : value);
        }
        return ByteVector.fromArray(B, bytes, 0);
    }
}
