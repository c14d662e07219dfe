package io.shiftadd.kernel;

import static io.shiftadd.kernel.PlaneLayout.TILE_BYTES;
import static io.shiftadd.kernel.PlaneLayout.TILE_ROWS;
import static io.shiftadd.kernel.TableLayout.TILE_TABLE_BYTES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import io.shiftadd.kernel.Scratch.Slot;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Look-ups in vector registers. A register holds as many tables of 16 entries as it has 128-bit lanes, so that a vector
 * of a tile looks up with one permutation: the nibble plus 16 times the lane selects the entry.
 *
 * <p>Entries are bytes, added as 16-bit lanes {@code all += x} and {@code odd += x >>> 8}; {@code all − (odd << 8)} is
 * the sum of the even bytes, all modulo 2^16, which 256 entries cannot exceed. Four row tiles run side by side: their
 * weights are four sequential streams, which is what the memory's prefetching needs, and a table is loaded once for
 * four tiles. Sums go through memory to {@link #addUp}, because vectors may not leave a method that is not inlined.
 */
final class VectorLookUp implements RowLookUp {

    private static final VectorSpecies<Byte> B = VectorLength.species(MethodHandles.lookup(), byte.class);
    private static final VectorSpecies<Short> S = B.withLanes(short.class);
    private static final int LENGTH = B.length();
    private static final int SHORTS = S.length();

    /** Row tiles side by side. */
    private static final int STREAMS = 4;

    /** Shorts that the sums of a chunk take: even and odd rows of each stream. */
    private static final int CHUNK_SUMS = 2 * STREAMS * SHORTS;

    private static final VectorSpecies<Short> HALF_ROWS = ShortVector.SPECIES_128;
    private static final int LANE_SHORTS = HALF_ROWS.length();
    private static final ByteVector NIBBLE = ByteVector.broadcast(B, 0xF);
    private static final int LOW_SHORT = 0xFFFF;
    private static final ByteVector TABLE_OF_LANE = tableOfLane();
    private static final ShortVector ONE_BYTE = ShortVector.broadcast(S, Byte.SIZE);

    @Override
    public void lookUp(
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
            int yStride,
            Scratch scratch) {
        int sumsPerStep = layout.precision().bytes();
        short[] sums = scratch.shorts(Slot.SUMS, layout.steps() * sumsPerStep * CHUNK_SUMS);
        float[] rows = scratch.floats(Slot.SUMS, TILE_ROWS);
        int tile = firstTile;
        int end = firstTile + tiles;
        while (tile < end) {
            int streams = end - tile >= STREAMS ? STREAMS : 1;
            for (int t = 0; t < tokens; t++) {
                sumChunks(planes, tile, streams, layout, tables, tableOffset + t * layout.bytes(), sums);
                for (int stream = 0; stream < streams; stream++) {
                    int step = stepOffset + t * layout.steps();
                    if (sumsPerStep == 1) {
                        addUp(sums, stream, layout, steps, step, rows);
                    } else {
                        addUpWide(sums, stream, layout, steps, step, rows);
                    }
                    int firstRow = (tile + stream) * TILE_ROWS;
                    int count = Math.min(TILE_ROWS, planes.layout().outputs() - firstRow);
                    for (int r = 0; r < count; r++) {
                        y[yOffset + t * yStride + firstRow + r] = rows[POSITION_OF_ROW[r]];
                    }
                }
            }
            tile += streams;
        }
    }

    private static void sumChunks(
            PackedPlanes planes,
            int tile,
            int streams,
            TableLayout layout,
            byte[] tables,
            int tableOffset,
            short[] sums) {
        int at = 0;
        for (int plane = 0; plane < layout.bits(); plane++) {
            long codes = planes.tileOffset(tile, plane);
            for (int chunk = 0; chunk < layout.chunks(); chunk++) {
                int table = tableOffset + layout.chunkOffset(plane, chunk);
                int count = layout.tiles(chunk);
                for (int high = 0; high < layout.precision().bytes(); high++) {
                    if (streams == STREAMS) {
                        sumFour(planes.data(), codes, planes.rowTileBytes(), count, tables, table, sums, at);
                    } else {
                        sumOne(planes.data(), codes, count, tables, table, sums, at);
                    }
                    table += layout.byteTableStride();
                    at += CHUNK_SUMS;
                }
                codes += (long) count * TILE_BYTES;
            }
        }
    }

    private static void sumFour(
            MemorySegment codes,
            long offset,
            long stride,
            int tiles,
            byte[] tables,
            int tableOffset,
            short[] sums,
            int at) {
        ShortVector all0 = ShortVector.zero(S);
        ShortVector all1 = all0;
        ShortVector all2 = all0;
        ShortVector all3 = all0;
        ShortVector odd0 = all0;
        ShortVector odd1 = all0;
        ShortVector odd2 = all0;
        ShortVector odd3 = all0;
        for (int tile = 0; tile < tiles; tile++) {
            for (int part = 0; part < TILE_BYTES; part += LENGTH) {
                int table = tableOffset + tile * TILE_TABLE_BYTES + part;
                long code = offset + (long) tile * TILE_BYTES + part;
                ByteVector low = ByteVector.fromArray(B, tables, table);
                ByteVector high = ByteVector.fromArray(B, tables, table + TILE_BYTES);
                ByteVector code0 = ByteVector.fromMemorySegment(B, codes, code, LITTLE_ENDIAN);
                ShortVector x0 =
                        code0.and(NIBBLE).or(TABLE_OF_LANE).selectFrom(low).reinterpretAsShorts();
                ShortVector z0 = code0.reinterpretAsInts()
                        .lanewise(LSHR, 4)
                        .reinterpretAsBytes()
                        .and(NIBBLE)
                        .or(TABLE_OF_LANE)
                        .selectFrom(high)
                        .reinterpretAsShorts();
                all0 = all0.add(x0).add(z0);
                odd0 = odd0.add(x0.lanewise(LSHR, ONE_BYTE)).add(z0.lanewise(LSHR, ONE_BYTE));
                ByteVector code1 = ByteVector.fromMemorySegment(B, codes, code + stride, LITTLE_ENDIAN);
                ShortVector x1 =
                        code1.and(NIBBLE).or(TABLE_OF_LANE).selectFrom(low).reinterpretAsShorts();
                ShortVector z1 = code1.reinterpretAsInts()
                        .lanewise(LSHR, 4)
                        .reinterpretAsBytes()
                        .and(NIBBLE)
                        .or(TABLE_OF_LANE)
                        .selectFrom(high)
                        .reinterpretAsShorts();
                all1 = all1.add(x1).add(z1);
                odd1 = odd1.add(x1.lanewise(LSHR, ONE_BYTE)).add(z1.lanewise(LSHR, ONE_BYTE));
                ByteVector code2 = ByteVector.fromMemorySegment(B, codes, code + 2 * stride, LITTLE_ENDIAN);
                ShortVector x2 =
                        code2.and(NIBBLE).or(TABLE_OF_LANE).selectFrom(low).reinterpretAsShorts();
                ShortVector z2 = code2.reinterpretAsInts()
                        .lanewise(LSHR, 4)
                        .reinterpretAsBytes()
                        .and(NIBBLE)
                        .or(TABLE_OF_LANE)
                        .selectFrom(high)
                        .reinterpretAsShorts();
                all2 = all2.add(x2).add(z2);
                odd2 = odd2.add(x2.lanewise(LSHR, ONE_BYTE)).add(z2.lanewise(LSHR, ONE_BYTE));
                ByteVector code3 = ByteVector.fromMemorySegment(B, codes, code + 3 * stride, LITTLE_ENDIAN);
                ShortVector x3 =
                        code3.and(NIBBLE).or(TABLE_OF_LANE).selectFrom(low).reinterpretAsShorts();
                ShortVector z3 = code3.reinterpretAsInts()
                        .lanewise(LSHR, 4)
                        .reinterpretAsBytes()
                        .and(NIBBLE)
                        .or(TABLE_OF_LANE)
                        .selectFrom(high)
                        .reinterpretAsShorts();
                all3 = all3.add(x3).add(z3);
                odd3 = odd3.add(x3.lanewise(LSHR, ONE_BYTE)).add(z3.lanewise(LSHR, ONE_BYTE));
            }
        }
        all0.intoArray(sums, at);
        odd0.intoArray(sums, at + SHORTS);
        all1.intoArray(sums, at + 2 * SHORTS);
        odd1.intoArray(sums, at + 3 * SHORTS);
        all2.intoArray(sums, at + 4 * SHORTS);
        odd2.intoArray(sums, at + 5 * SHORTS);
        all3.intoArray(sums, at + 6 * SHORTS);
        odd3.intoArray(sums, at + 7 * SHORTS);
    }

    private static void sumOne(
            MemorySegment codes, long offset, int tiles, byte[] tables, int tableOffset, short[] sums, int at) {
        ShortVector all = ShortVector.zero(S);
        ShortVector odd = all;
        for (int tile = 0; tile < tiles; tile++) {
            for (int part = 0; part < TILE_BYTES; part += LENGTH) {
                int table = tableOffset + tile * TILE_TABLE_BYTES + part;
                ByteVector code =
                        ByteVector.fromMemorySegment(B, codes, offset + (long) tile * TILE_BYTES + part, LITTLE_ENDIAN);
                ByteVector low = ByteVector.fromArray(B, tables, table);
                ByteVector high = ByteVector.fromArray(B, tables, table + TILE_BYTES);
                ShortVector x =
                        code.and(NIBBLE).or(TABLE_OF_LANE).selectFrom(low).reinterpretAsShorts();
                ShortVector z = code.reinterpretAsInts()
                        .lanewise(LSHR, 4)
                        .reinterpretAsBytes()
                        .and(NIBBLE)
                        .or(TABLE_OF_LANE)
                        .selectFrom(high)
                        .reinterpretAsShorts();
                all = all.add(x).add(z);
                odd = odd.add(x.lanewise(LSHR, ONE_BYTE)).add(z.lanewise(LSHR, ONE_BYTE));
            }
        }
        all.intoArray(sums, at);
        odd.intoArray(sums, at + SHORTS);
    }

    /** {@code rows[·] = Σ_planes Σ_chunks step·sum} of the rows of one stream, ordered as the sums' lanes are. */
    private static void addUp(
            short[] sums, int stream, TableLayout layout, float[] steps, int stepOffset, float[] rows) {
        FloatVector rows0 = FloatVector.zero(FloatVector.SPECIES_128);
        FloatVector rows1 = rows0;
        FloatVector rows2 = rows0;
        FloatVector rows3 = rows0;
        int at = stream * 2 * SHORTS;
        int chunk = 0;
        for (int i = 0; i < layout.steps(); i++) {
            int bias = layout.chunkBias(chunk);
            float step = steps[stepOffset + i];
            ShortVector odd = acrossLanes(sums, at + SHORTS);
            IntVector even =
                    acrossLanes(sums, at).sub(odd.lanewise(LSHL, Byte.SIZE)).reinterpretAsInts();
            IntVector odds = odd.reinterpretAsInts();
            rows0 = rows0.add(toFloat(even.and(LOW_SHORT).sub(bias)).mul(step));
            rows1 = rows1.add(toFloat(odds.and(LOW_SHORT).sub(bias)).mul(step));
            rows2 = rows2.add(toFloat(even.lanewise(LSHR, Short.SIZE).sub(bias)).mul(step));
            rows3 = rows3.add(toFloat(odds.lanewise(LSHR, Short.SIZE).sub(bias)).mul(step));
            at += CHUNK_SUMS;
            chunk = chunk + 1 == layout.chunks() ? 0 : chunk + 1;
        }
        rows0.intoArray(rows, 0);
        rows1.intoArray(rows, 4);
        rows2.intoArray(rows, 8);
        rows3.intoArray(rows, 12);
    }

    /** As {@link #addUp}, for entries of two bytes: the sums of their high bytes follow those of the low ones. */
    private static void addUpWide(
            short[] sums, int stream, TableLayout layout, float[] steps, int stepOffset, float[] rows) {
        FloatVector rows0 = FloatVector.zero(FloatVector.SPECIES_128);
        FloatVector rows1 = rows0;
        FloatVector rows2 = rows0;
        FloatVector rows3 = rows0;
        int at = stream * 2 * SHORTS;
        int chunk = 0;
        for (int i = 0; i < layout.steps(); i++) {
            int bias = layout.chunkBias(chunk);
            float step = steps[stepOffset + i];
            ShortVector oddLow = acrossLanes(sums, at + SHORTS);
            IntVector evenLow =
                    acrossLanes(sums, at).sub(oddLow.lanewise(LSHL, Byte.SIZE)).reinterpretAsInts();
            IntVector oddsLow = oddLow.reinterpretAsInts();
            ShortVector oddHigh = acrossLanes(sums, at + CHUNK_SUMS + SHORTS);
            IntVector evenHigh = acrossLanes(sums, at + CHUNK_SUMS)
                    .sub(oddHigh.lanewise(LSHL, Byte.SIZE))
                    .reinterpretAsInts();
            IntVector oddsHigh = oddHigh.reinterpretAsInts();
            rows0 = rows0.add(toFloat(lowShorts(evenLow, evenHigh).sub(bias)).mul(step));
            rows1 = rows1.add(toFloat(lowShorts(oddsLow, oddsHigh).sub(bias)).mul(step));
            rows2 = rows2.add(toFloat(highShorts(evenLow, evenHigh).sub(bias)).mul(step));
            rows3 = rows3.add(toFloat(highShorts(oddsLow, oddsHigh).sub(bias)).mul(step));
            at += 2 * CHUNK_SUMS;
            chunk = chunk + 1 == layout.chunks() ? 0 : chunk + 1;
        }
        rows0.intoArray(rows, 0);
        rows1.intoArray(rows, 4);
        rows2.intoArray(rows, 8);
        rows3.intoArray(rows, 12);
    }

    private static IntVector lowShorts(IntVector low, IntVector high) {
        return low.and(LOW_SHORT).add(high.and(LOW_SHORT).lanewise(LSHL, Byte.SIZE));
    }

    private static IntVector highShorts(IntVector low, IntVector high) {
        return low.lanewise(LSHR, Short.SIZE)
                .add(high.lanewise(LSHR, Short.SIZE).lanewise(LSHL, Byte.SIZE));
    }

    /** The 128-bit lanes of a sum added up: they are the same rows, from different columns. */
    private static ShortVector acrossLanes(short[] sums, int at) {
        ShortVector sum = ShortVector.fromArray(HALF_ROWS, sums, at);
        for (int lane = LANE_SHORTS; lane < SHORTS; lane += LANE_SHORTS) {
            sum = sum.add(ShortVector.fromArray(HALF_ROWS, sums, at + lane));
        }
        return sum;
    }

    private static FloatVector toFloat(IntVector sums) {
        return (FloatVector) sums.convert(VectorOperators.I2F, 0);
    }

    /**
     * Where {@link #addUp} leaves a row: the low shorts of the even sums are the rows 0, 4, 8, 12, of the odd sums
     * 1, 5, …; the high ones 2, 6, … and 3, 7, ….
     */
    private static final int[] POSITION_OF_ROW = positionOfRow();

    private static int[] positionOfRow() {
        int[] positions = new int[TILE_ROWS];
        for (int r = 0; r < TILE_ROWS; r++) {
            positions[r] = r % 4 * 4 + r / 4;
        }
        return positions;
    }

    private static ByteVector tableOfLane() {
        byte[] tables = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            tables[i] = (byte) (i / TableLayout.ENTRIES * TableLayout.ENTRIES);
        }
        return ByteVector.fromArray(B, tables, 0);
    }
}
