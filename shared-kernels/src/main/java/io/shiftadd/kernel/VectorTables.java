package io.shiftadd.kernel;

import static io.shiftadd.kernel.PlaneLayout.TILE_COLUMNS;
import static io.shiftadd.kernel.TableLayout.GROUP_COLUMNS;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.B2I;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.MAX;

import io.shiftadd.kernel.Scratch.Slot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tables on vectors: a vector of activations makes the tables of a quarter as many groups. Lane {@code l} of a group
 * has the entries whose two high bits are {@code l}; four vectors, one for each value of the two low bits, are packed
 * into bytes by shifts. The sixteen sums take three additions a lane and four more, since entries with both low signs
 * turned are {@code high − low} instead of {@code high + low}.
 *
 * <p>Groupings that no method makes, and chunks so small that α divided by the step could overflow, go to the plain
 * loops.
 */
final class VectorTables implements TableBuilder {

    private static final VectorSpecies<Float> F = VectorLength.species(MethodHandles.lookup(), float.class);
    private static final VectorSpecies<Integer> I = F.withLanes(int.class);
    private static final int LANES = F.length();

    /** Bytes of one term for a vector of columns; a species of 32 bits does not exist, there an int is loaded. */
    private static final VectorSpecies<Byte> TERMS =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(LANES * Byte.SIZE, 64)));

    /** Above this, α / step could overflow. */
    private static final float LARGEST_INVERSE = 0x1p60f;

    private static final int SIGN_BIT = 1 << 31;
    private static final int MANTISSA_BITS = 23;
    private static final int TERM_TO_EXPONENT = 63;
    private static final ValueLayout.OfInt FOUR_TERMS =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Columns that a factor belongs to. */
    private static final int BLOCK = 8;

    private static final VectorShuffle<Float> COLUMN_0 = columnOfGroup(0);
    private static final VectorShuffle<Float> COLUMN_1 = columnOfGroup(1);
    private static final VectorShuffle<Float> COLUMN_2 = columnOfGroup(2);
    private static final VectorShuffle<Float> COLUMN_3 = columnOfGroup(3);
    private static final VectorShuffle<Float> BLOCK_OF_LANE = VectorShuffle.fromOp(F, lane -> lane / BLOCK);
    private static final VectorShuffle<Float> NEIGHBOUR = VectorShuffle.fromOp(F, lane -> lane ^ 1);
    private static final VectorShuffle<Float> NEXT_PAIR = VectorShuffle.fromOp(F, lane -> lane ^ 2);
    private static final FloatVector SIGN_2 = signOfLane(1);
    private static final FloatVector SIGN_3 = signOfLane(2);
    private static final IntVector BYTE_OF_LANE = byteOfLane();

    private final ScalarTables scalar = new ScalarTables();

    @Override
    public void build(
            float[] x,
            int xOffset,
            int inputs,
            PackedScales scales,
            int rowGroup,
            TableLayout layout,
            int chunk,
            byte[] tables,
            int tableOffset,
            float[] steps,
            int stepOffset,
            Scratch scratch) {
        int first = layout.firstColumn(chunk);
        int columns = layout.tiles(chunk) * TILE_COLUMNS;
        int count = Math.min(columns, inputs - first);
        boolean shiftActivations = scales.columnsPerGroup() == 1;
        boolean planned = shiftActivations || scales.columnsPerGroup() % BLOCK == 0;
        float[] u = scratch.floats(Slot.SHIFTED_INPUT, columns);
        // A vector of factors is loaded from the first of them, so the array is a vector longer.
        float[] factors = scratch.floats(Slot.FACTORS, columns / BLOCK + LANES);
        Arrays.fill(factors, 0, columns / BLOCK, 1);
        System.arraycopy(x, xOffset + first, u, 0, count);
        Arrays.fill(u, count, columns, 0);
        for (int plane = 0; plane < layout.bits() && planned; plane++) {
            if (shiftActivations) {
                shift(x, xOffset + first, scales, plane, rowGroup, first, count, u);
            } else {
                blockScales(scales, plane, rowGroup, first, columns, factors);
            }
            float bound = Float.intBitsToFloat(largestSum(u, factors, columns));
            float inverse = TableBuilder.inverse(bound, layout.precision());
            steps[stepOffset + plane * layout.chunks() + chunk] = TableBuilder.step(bound, layout.precision());
            planned = shiftActivations || inverse <= LARGEST_INVERSE;
            float common = shiftActivations ? inverse : 1;
            if (!shiftActivations) {
                multiply(factors, columns / BLOCK, inverse);
            }
            int at = tableOffset + layout.chunkOffset(plane, chunk);
            writeTables(u, factors, common, columns, layout, tables, at);
        }
        if (!planned) {
            scalar.build(
                    x,
                    xOffset,
                    inputs,
                    scales,
                    rowGroup,
                    layout,
                    chunk,
                    tables,
                    tableOffset,
                    steps,
                    stepOffset,
                    scratch);
        }
    }

    private static void shift(
            float[] x, int xOffset, PackedScales scales, int plane, int rowGroup, int first, int count, float[] u) {
        MemorySegment terms = scales.data();
        long at = scales.offset(plane, rowGroup, 0) + first;
        int vectors = count / LANES * LANES;
        for (int k = 0; k < vectors; k += LANES) {
            FloatVector value = FloatVector.fromArray(F, x, xOffset + k);
            FloatVector sum = value.mul(powers(terms, at + k));
            for (int t = 1; t < scales.terms(); t++) {
                sum = sum.add(value.mul(powers(terms, at + (long) t * scales.columnGroups() + k)));
            }
            sum.intoArray(u, k);
        }
        for (int k = vectors; k < count; k++) {
            float value = x[xOffset + k];
            float sum = value * scales.term(plane, rowGroup, 0, first + k);
            for (int t = 1; t < scales.terms(); t++) {
                sum += value * scales.term(plane, rowGroup, t, first + k);
            }
            u[k] = sum;
        }
    }

    /** α of every 8 columns; padding columns have none, there it may be anything finite. */
    private static void blockScales(
            PackedScales scales, int plane, int rowGroup, int first, int columns, float[] alphas) {
        int groups = columns / BLOCK;
        int group = first / BLOCK;
        int done = 0;
        if (scales.columnsPerGroup() == BLOCK) {
            done = Math.min(groups, scales.columnGroups() - group) / LANES * LANES;
            MemorySegment terms = scales.data();
            long at = scales.offset(plane, rowGroup, 0) + group;
            for (int g = 0; g < done; g += LANES) {
                FloatVector sum = powers(terms, at + g);
                for (int t = 1; t < scales.terms(); t++) {
                    sum = sum.add(powers(terms, at + (long) t * scales.columnGroups() + g));
                }
                sum.intoArray(alphas, g);
            }
        }
        for (int g = done; g < groups; g++) {
            int columnGroup = (group + g) * BLOCK / scales.columnsPerGroup();
            alphas[g] = scales.value(plane, rowGroup, Math.min(columnGroup, scales.columnGroups() - 1));
        }
    }

    /** Signed powers of two from their encoded terms: the exponent moves to where a float has it. */
    private static FloatVector powers(MemorySegment terms, long at) {
        IntVector code;
        if (LANES * Byte.SIZE < TERMS.vectorBitSize()) {
            IntVector bytes = IntVector.broadcast(I, terms.get(FOUR_TERMS, at));
            code = bytes.lanewise(LSHL, BYTE_OF_LANE).lanewise(ASHR, Integer.SIZE - Byte.SIZE);
        } else {
            ByteVector bytes = ByteVector.fromMemorySegment(TERMS, terms, at, ByteOrder.LITTLE_ENDIAN);
            code = (IntVector) bytes.convertShape(B2I, I, 0);
        }
        IntVector exponent = code.abs().add(TERM_TO_EXPONENT).lanewise(LSHL, MANTISSA_BITS);
        IntVector bits = exponent.or(code.and(SIGN_BIT));
        return bits.blend(0, code.compare(EQ, 0)).reinterpretAsFloats();
    }

    /** Bits of the largest {@code |factor|·((|u_0| + |u_1|) + (|u_2| + |u_3|))}; ordered as ints, so that NaN wins. */
    private static int largestSum(float[] u, float[] factors, int columns) {
        IntVector largest = IntVector.zero(I);
        for (int k = 0; k < columns; k += LANES) {
            FloatVector magnitude = FloatVector.fromArray(F, u, k).abs();
            FloatVector pair = magnitude.add(magnitude.rearrange(NEIGHBOUR));
            FloatVector sum = pair.add(pair.rearrange(NEXT_PAIR));
            FloatVector factor = FloatVector.fromArray(F, factors, k / BLOCK).rearrange(BLOCK_OF_LANE);
            largest = largest.max(factor.mul(sum).abs().reinterpretAsInts());
        }
        return largest.reduceLanes(MAX);
    }

    private static void multiply(float[] factors, int count, float by) {
        for (int i = 0; i < count; i++) {
            factors[i] *= by;
        }
    }

    private static void writeTables(
            float[] u, float[] factors, float common, int columns, TableLayout layout, byte[] tables, int at) {
        boolean wide = layout.precision() == TablePrecision.INT16;
        float round = ROUND_TO_INTEGER + layout.precision().bias();
        int high = at + layout.byteTableStride();
        for (int k = 0; k < columns; k += LANES) {
            FloatVector v = FloatVector.fromArray(F, u, k);
            FloatVector factor = FloatVector.fromArray(F, factors, k / BLOCK)
                    .rearrange(BLOCK_OF_LANE)
                    .mul(common);
            FloatVector u0 = v.rearrange(COLUMN_0);
            FloatVector u1 = v.rearrange(COLUMN_1);
            FloatVector same = u0.add(u1);
            FloatVector opposite = u0.sub(u1);
            FloatVector upper =
                    v.rearrange(COLUMN_2).mul(SIGN_2).add(v.rearrange(COLUMN_3).mul(SIGN_3));
            IntVector entry0 = upper.sub(same).mul(factor).add(round).reinterpretAsInts();
            IntVector entry1 = upper.add(opposite).mul(factor).add(round).reinterpretAsInts();
            IntVector entry2 = upper.sub(opposite).mul(factor).add(round).reinterpretAsInts();
            IntVector entry3 = upper.add(same).mul(factor).add(round).reinterpretAsInts();
            pack(entry0, entry1, entry2, entry3).intoArray(tables, at + k * GROUP_COLUMNS);
            if (wide) {
                pack(
                                entry0.lanewise(LSHR, Byte.SIZE),
                                entry1.lanewise(LSHR, Byte.SIZE),
                                entry2.lanewise(LSHR, Byte.SIZE),
                                entry3.lanewise(LSHR, Byte.SIZE))
                        .intoArray(tables, high + k * GROUP_COLUMNS);
            }
        }
    }

    /** The low bytes of four ints a lane, in their order in memory. */
    private static ByteVector pack(IntVector entry0, IntVector entry1, IntVector entry2, IntVector entry3) {
        return entry0.and(0xFF)
                .or(entry1.lanewise(LSHL, 8).and(0xFF00))
                .or(entry2.lanewise(LSHL, 16).and(0xFF0000))
                .or(entry3.lanewise(LSHL, 24))
                .reinterpretAsBytes();
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

    /** Left shifts that bring the byte of a lane to the top of its int. */
    private static IntVector byteOfLane() {
        int[] shifts = new int[LANES];
        for (int lane = 0; lane < LANES; lane++) {
            shifts[lane] = Integer.SIZE - Byte.SIZE * (lane % Integer.BYTES + 1);
        }
        return IntVector.fromArray(I, shifts, 0);
    }
}
