package io.shiftadd.kernel;

import static io.shiftadd.kernel.PlaneLayout.TILE_COLUMNS;
import static io.shiftadd.kernel.TableLayout.GROUP_COLUMNS;
import static io.shiftadd.kernel.TableLayout.TILE_GROUPS;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.MAX;

import io.shiftadd.kernel.Scratch.Slot;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tables on vectors: a vector of activations makes the tables of a quarter as many groups. Lane {@code l} of a group
 * has the entries whose two high bits are {@code l}; four vectors, one for each value of the two low bits, are packed
 * into bytes by shifts. The sixteen sums take three additions a lane and four more, since entries with both low signs
 * turned are {@code high − low} instead of {@code high + low}.
 *
 * <p>The loops are written out: a vector that is handed to a helper is boxed whenever the just-in-time compiler happens not
 * to inline it; tables then took up to a quarter of a token in some runs, where they take a twentieth.
 *
 * <p>Groupings that no method makes, and chunks so small that α divided by the step could overflow, go to the plain
 * loops.
 */
final class VectorTables implements TableBuilder {

    private static final VectorSpecies<Float> F = VectorLength.species(MethodHandles.lookup(), float.class);
    private static final VectorSpecies<Integer> I = F.withLanes(int.class);
    private static final int LANES = F.length();

    /** Above this, α / step could overflow. */
    private static final float LARGEST_INVERSE = 0x1p60f;

    /** Columns from one group to the other of a byte of codes. */
    private static final int HALF_TILE = TILE_COLUMNS / 2;

    /** Columns that a factor belongs to. */
    private static final int BLOCK = 8;

    private static final int BLOCK_GROUPS = BLOCK / GROUP_COLUMNS;

    /** Groups that a step of {@link #largestProduct} takes: at least a tile. */
    private static final int LOADED_GROUPS = Math.max(LANES, TILE_GROUPS);

    private static final VectorShuffle<Float> COLUMN_0 = columnOfGroup(0);
    private static final VectorShuffle<Float> COLUMN_1 = columnOfGroup(1);
    private static final VectorShuffle<Float> COLUMN_2 = columnOfGroup(2);
    private static final VectorShuffle<Float> COLUMN_3 = columnOfGroup(3);
    private static final VectorShuffle<Float> BLOCK_OF_LANE = VectorShuffle.fromOp(F, lane -> lane / BLOCK);
    private static final VectorShuffle<Float> BLOCK_OF_GROUP = VectorShuffle.fromOp(F, lane -> lane / BLOCK_GROUPS);
    private static final VectorShuffle<Float> LANE_OF_GROUP =
            VectorShuffle.fromOp(F, lane -> lane * GROUP_COLUMNS % LANES);

    /** In a vector of groups from the groups of the low nibbles to those of the high ones and back. */
    private static final VectorShuffle<Float> OTHER_HALF =
            VectorShuffle.fromOp(F, lane -> (lane ^ TILE_GROUPS / 2) % LANES);

    private static final VectorShuffle<Float> NEIGHBOUR = VectorShuffle.fromOp(F, lane -> lane ^ 1);
    private static final VectorShuffle<Float> NEXT_PAIR = VectorShuffle.fromOp(F, lane -> lane ^ 2);
    private static final FloatVector SIGN_2 = signOfLane(1);
    private static final FloatVector SIGN_3 = signOfLane(2);

    private final ScalarTables scalar = new ScalarTables();

    @Override
    public void prepare(TableInput input, int tokens) {
        float[] magnitudes = input.magnitudes(tokens);
        for (int token = 0; token < tokens; token++) {
            int to = token * input.groups();
            magnitudes(input.x(), input.offset(token), input.inputs(), input.groups(), magnitudes, to);
        }
        // Of several tokens the sums would not stay in the second-level cache.
        boolean sums = tokens == 1 && input.inputs() == input.columns();
        if (sums) {
            addSixteen(input.x(), input.offset(0), input.columns(), input.roomForSums());
        }
        input.prepared(sums);
    }

    @Override
    public void build(
            TableInput input,
            int token,
            PackedScales scales,
            int rowGroup,
            TableLayout layout,
            int chunk,
            byte[] tables,
            int tableOffset,
            float[] steps,
            int stepOffset,
            Scratch scratch) {
        int columns = layout.tiles(chunk) * TILE_COLUMNS;
        int at = tableOffset + layout.chunkOffset(0, chunk);
        int stepAt = stepOffset + chunk;
        boolean built;
        if (scales.columnsPerGroup() == 1) {
            shiftActivations(
                    input, token, scales, rowGroup, chunk, columns, layout, tables, at, steps, stepAt, scratch);
            built = true;
        } else {
            built = scales.columnsPerGroup() % BLOCK == 0
                    && shiftTables(
                            input, token, scales, rowGroup, chunk, columns, layout, tables, at, steps, stepAt, scratch);
        }
        if (!built) {
            scalar.build(
                    input, token, scales, rowGroup, layout, chunk, tables, tableOffset, steps, stepOffset, scratch);
        }
    }

    private static void shiftActivations(
            TableInput input,
            int token,
            PackedScales scales,
            int rowGroup,
            int chunk,
            int columns,
            TableLayout layout,
            byte[] tables,
            int tableOffset,
            float[] steps,
            int stepOffset,
            Scratch scratch) {
        int first = layout.firstColumn(chunk);
        int count = Math.min(columns, input.inputs() - first);
        int from = input.offset(token) + first;
        float[] u = scratch.floats(Slot.SHIFTED_INPUT, columns);
        Arrays.fill(u, count, columns, 0);
        for (int plane = 0; plane < layout.bits(); plane++) {
            shift(input.x(), from, scales.alphas(), scales.alphaOffset(plane, rowGroup) + first, count, u);
            float bound = Float.intBitsToFloat(largestPair(u, columns));
            steps[stepOffset + plane * layout.chunks()] = TableBuilder.step(bound, layout.precision());
            float inverse = TableBuilder.inverse(bound, layout.precision());
            writeTables(u, columns, inverse, layout, tables, tableOffset + plane * layout.planeBytes());
        }
    }

    /** False if a factor could overflow; what was written is then to be overwritten. */
    private static boolean shiftTables(
            TableInput input,
            int token,
            PackedScales scales,
            int rowGroup,
            int chunk,
            int columns,
            TableLayout layout,
            byte[] tables,
            int tableOffset,
            float[] steps,
            int stepOffset,
            Scratch scratch) {
        int first = layout.firstColumn(chunk);
        int count = Math.min(columns, input.inputs() - first);
        int from = input.offset(token) + first;
        int groups = columns / GROUP_COLUMNS;
        float[] magnitudes = input.magnitudes();
        int magnitudeOffset = token * input.groups() + first / GROUP_COLUMNS;
        if (!input.isPrepared()) {
            magnitudes = scratch.floats(Slot.MAGNITUDES, groups + LANES);
            magnitudeOffset = 0;
            magnitudes(input.x(), from, count, groups, magnitudes, 0);
        }
        int blocks = columns / BLOCK;
        // Vectors of α and of factors are loaded and stored whole, so the last ones reach beyond them.
        float[] factors = scratch.floats(Slot.FACTORS, layout.bits() * blocks + LANES);
        boolean one = scales.columnsPerGroup() == BLOCK;
        float[] alphas = one ? scales.alphas() : scratch.floats(Slot.ALPHAS, blocks + LANES);
        for (int plane = 0; plane < layout.bits(); plane++) {
            int alphaOffset = one ? scales.alphaOffset(plane, rowGroup) + first / BLOCK : 0;
            if (!one) {
                blockScales(scales, plane, rowGroup, first / BLOCK, blocks, alphas);
            }
            float bound =
                    Float.intBitsToFloat(largestProduct(magnitudes, magnitudeOffset, groups, alphas, alphaOffset));
            steps[stepOffset + plane * layout.chunks()] = TableBuilder.step(bound, layout.precision());
            float inverse = TableBuilder.inverse(bound, layout.precision());
            if (inverse > LARGEST_INVERSE) {
                return false;
            }
            for (int i = 0; i < blocks; i += LANES) {
                FloatVector.fromArray(F, alphas, alphaOffset + i).mul(inverse).intoArray(factors, plane * blocks + i);
            }
        }
        if (input.hasSums()) {
            writeSums(input.sums(), first * GROUP_COLUMNS, factors, columns, layout, tables, tableOffset);
            return true;
        }
        float[] u = input.x();
        if (count < columns) {
            u = scratch.floats(Slot.SHIFTED_INPUT, columns);
            System.arraycopy(input.x(), from, u, 0, count);
            Arrays.fill(u, count, columns, 0);
            from = 0;
        }
        writeScaledTables(u, from, factors, columns, layout, tables, tableOffset);
        return true;
    }

    private static void magnitudes(float[] x, int xOffset, int count, int groups, float[] magnitudes, int offset) {
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

    /** The sixteen sums of every four columns, as {@link #writeScaledTables} makes them, four vectors together. */
    private static void addSixteen(float[] x, int xOffset, int columns, float[] sums) {
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

    private static void shift(float[] x, int xOffset, float[] alphas, int alphaOffset, int count, float[] u) {
        int vectors = count / LANES * LANES;
        for (int k = 0; k < vectors; k += LANES) {
            FloatVector value = FloatVector.fromArray(F, x, xOffset + k);
            value.mul(FloatVector.fromArray(F, alphas, alphaOffset + k)).intoArray(u, k);
        }
        for (int k = vectors; k < count; k++) {
            u[k] = x[xOffset + k] * alphas[alphaOffset + k];
        }
    }

    /** α of blocks of 8 columns, where more of them share it; padding columns have none, there it is the last one. */
    private static void blockScales(
            PackedScales scales, int plane, int rowGroup, int first, int blocks, float[] alphas) {
        for (int g = 0; g < blocks; g++) {
            int columnGroup = (first + g) * BLOCK / scales.columnsPerGroup();
            alphas[g] = scales.value(plane, rowGroup, Math.min(columnGroup, scales.columnGroups() - 1));
        }
    }

    /** Bits of the largest sum of the magnitudes of two groups; ordered as ints, so that NaN wins. */
    private static int largestPair(float[] u, int columns) {
        IntVector largest = IntVector.zero(I);
        for (int tile = 0; tile < columns; tile += TILE_COLUMNS) {
            for (int k = tile; k < tile + HALF_TILE; k += LANES) {
                FloatVector low = FloatVector.fromArray(F, u, k).abs();
                FloatVector high = FloatVector.fromArray(F, u, k + HALF_TILE).abs();
                FloatVector lowPair = low.add(low.rearrange(NEIGHBOUR));
                FloatVector highPair = high.add(high.rearrange(NEIGHBOUR));
                FloatVector lowSum = lowPair.add(lowPair.rearrange(NEXT_PAIR));
                FloatVector highSum = highPair.add(highPair.rearrange(NEXT_PAIR));
                largest = largest.max(lowSum.add(highSum).abs().reinterpretAsInts());
            }
        }
        return largest.reduceLanes(MAX);
    }

    /**
     * Bits of the largest {@code |α|·sum + |α'|·sum'} of two groups that a byte of codes selects together. Groups beyond
     * the last count as 0, whatever finite α is loaded for them.
     */
    private static int largestProduct(float[] magnitudes, int offset, int groups, float[] alphas, int alphaOffset) {
        IntVector largest = IntVector.zero(I);
        for (int g = 0; g < groups; g += LOADED_GROUPS) {
            VectorMask<Float> valid = F.indexInRange(g, groups);
            FloatVector low = FloatVector.fromArray(F, alphas, alphaOffset + g / BLOCK_GROUPS)
                    .rearrange(BLOCK_OF_GROUP)
                    .mul(FloatVector.fromArray(F, magnitudes, offset + g, valid))
                    .abs();
            FloatVector high = LANES < TILE_GROUPS
                    ? FloatVector.fromArray(F, alphas, alphaOffset + (g + LANES) / BLOCK_GROUPS)
                            .rearrange(BLOCK_OF_GROUP)
                            .mul(FloatVector.fromArray(F, magnitudes, offset + g + LANES))
                            .abs()
                    : low.rearrange(OTHER_HALF);
            largest = largest.max(low.add(high).abs().reinterpretAsInts());
        }
        return largest.reduceLanes(MAX);
    }

    private static void writeTables(
            float[] u, int columns, float factor, TableLayout layout, byte[] tables, int tableOffset) {
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

    /** The sixteen sums are the same for all planes, only their factors differ. */
    private static void writeScaledTables(
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

    /** As {@link #writeScaledTables}, from sums that were added before. */
    private static void writeSums(
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
