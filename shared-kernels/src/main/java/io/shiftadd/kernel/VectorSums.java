package io.shiftadd.kernel;

import static io.shiftadd.kernel.PlaneLayout.TILE_BYTES;
import static io.shiftadd.kernel.TableLayout.TILE_TABLE_BYTES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Look-ups in vector registers. A register holds as many tables of 16 entries as it has 128-bit lanes, so that a vector
 * of a tile looks up with one permutation: the nibble plus 16 times the lane selects the entry.
 *
 * <p>Entries are bytes, added as 16-bit lanes {@code all += x} and {@code odd += x >>> 8}; {@code all − (odd << 8)} is
 * the sum of the even bytes, all modulo 2^16, which 256 entries cannot exceed. Nibbles are taken out as ints, since
 * shifts of bytes are emulated; a neighbour's bits are masked away.
 *
 * <p>The loops are written out, without helpers: once a method is large, the just-in-time compiler no longer inlines
 * small ones, and a vector that leaves a method is boxed.
 */
final class VectorSums implements TileSums {

    private static final VectorSpecies<Byte> B = VectorLength.species(MethodHandles.lookup(), byte.class);
    private static final VectorSpecies<Short> S = B.withLanes(short.class);
    private static final int LENGTH = B.length();
    private static final int SHORTS = S.length();
    private static final ByteVector NIBBLE = ByteVector.broadcast(B, 0xF);
    private static final ByteVector TABLE_OF_LANE = tableOfLane();
    private static final ShortVector ONE_BYTE = ShortVector.broadcast(S, Byte.SIZE);

    @Override
    public int shorts() {
        return SHORTS;
    }

    @Override
    public void one(MemorySegment codes, long offset, int tiles, byte[] tables, int tableOffset, short[] sums, int at) {
        ShortVector all = ShortVector.zero(S);
        ShortVector odd = all;
        for (int tile = 0; tile < tiles; tile++) {
            for (int part = 0; part < TILE_BYTES; part += LENGTH) {
                long code = offset + (long) tile * TILE_BYTES + part;
                int table = tableOffset + tile * TILE_TABLE_BYTES + part;
                ByteVector lowTable = ByteVector.fromArray(B, tables, table);
                ByteVector highTable = ByteVector.fromArray(B, tables, table + TILE_BYTES);
                ByteVector vector = ByteVector.fromMemorySegment(B, codes, code, LITTLE_ENDIAN);
                ByteVector lows = vector.and(NIBBLE).or(TABLE_OF_LANE);
                ByteVector highs = vector.reinterpretAsInts()
                        .lanewise(LSHR, 4)
                        .reinterpretAsBytes()
                        .and(NIBBLE)
                        .or(TABLE_OF_LANE);
                ShortVector x = lows.selectFrom(lowTable).reinterpretAsShorts();
                ShortVector z = highs.selectFrom(highTable).reinterpretAsShorts();
                all = all.add(x).add(z);
                odd = odd.add(x.lanewise(LSHR, ONE_BYTE)).add(z.lanewise(LSHR, ONE_BYTE));
            }
        }
        all.intoArray(sums, at);
        odd.intoArray(sums, at + SHORTS);
    }

    @Override
    public void fourTiles(
            MemorySegment codes,
            long offset,
            long rowTileStride,
            int tiles,
            byte[] tables,
            int tableOffset,
            short[] sums,
            int at) {
        ShortVector all0 = ShortVector.zero(S);
        ShortVector odd0 = all0;
        ShortVector all1 = all0;
        ShortVector odd1 = all0;
        ShortVector all2 = all0;
        ShortVector odd2 = all0;
        ShortVector all3 = all0;
        ShortVector odd3 = all0;
        for (int tile = 0; tile < tiles; tile++) {
            for (int part = 0; part < TILE_BYTES; part += LENGTH) {
                long code = offset + (long) tile * TILE_BYTES + part;
                int table = tableOffset + tile * TILE_TABLE_BYTES + part;
                ByteVector lowTable = ByteVector.fromArray(B, tables, table);
                ByteVector highTable = ByteVector.fromArray(B, tables, table + TILE_BYTES);
                ByteVector code0 = ByteVector.fromMemorySegment(B, codes, code, LITTLE_ENDIAN);
                ByteVector low0 = code0.and(NIBBLE).or(TABLE_OF_LANE);
                ByteVector high0 = code0.reinterpretAsInts()
                        .lanewise(LSHR, 4)
                        .reinterpretAsBytes()
                        .and(NIBBLE)
                        .or(TABLE_OF_LANE);
                ShortVector x0 = low0.selectFrom(lowTable).reinterpretAsShorts();
                ShortVector z0 = high0.selectFrom(highTable).reinterpretAsShorts();
                all0 = all0.add(x0).add(z0);
                odd0 = odd0.add(x0.lanewise(LSHR, ONE_BYTE)).add(z0.lanewise(LSHR, ONE_BYTE));
                ByteVector code1 = ByteVector.fromMemorySegment(B, codes, code + rowTileStride, LITTLE_ENDIAN);
                ByteVector low1 = code1.and(NIBBLE).or(TABLE_OF_LANE);
                ByteVector high1 = code1.reinterpretAsInts()
                        .lanewise(LSHR, 4)
                        .reinterpretAsBytes()
                        .and(NIBBLE)
                        .or(TABLE_OF_LANE);
                ShortVector x1 = low1.selectFrom(lowTable).reinterpretAsShorts();
                ShortVector z1 = high1.selectFrom(highTable).reinterpretAsShorts();
                all1 = all1.add(x1).add(z1);
                odd1 = odd1.add(x1.lanewise(LSHR, ONE_BYTE)).add(z1.lanewise(LSHR, ONE_BYTE));
                ByteVector code2 = ByteVector.fromMemorySegment(B, codes, code + 2 * rowTileStride, LITTLE_ENDIAN);
                ByteVector low2 = code2.and(NIBBLE).or(TABLE_OF_LANE);
                ByteVector high2 = code2.reinterpretAsInts()
                        .lanewise(LSHR, 4)
                        .reinterpretAsBytes()
                        .and(NIBBLE)
                        .or(TABLE_OF_LANE);
                ShortVector x2 = low2.selectFrom(lowTable).reinterpretAsShorts();
                ShortVector z2 = high2.selectFrom(highTable).reinterpretAsShorts();
                all2 = all2.add(x2).add(z2);
                odd2 = odd2.add(x2.lanewise(LSHR, ONE_BYTE)).add(z2.lanewise(LSHR, ONE_BYTE));
                ByteVector code3 = ByteVector.fromMemorySegment(B, codes, code + 3 * rowTileStride, LITTLE_ENDIAN);
                ByteVector low3 = code3.and(NIBBLE).or(TABLE_OF_LANE);
                ByteVector high3 = code3.reinterpretAsInts()
                        .lanewise(LSHR, 4)
                        .reinterpretAsBytes()
                        .and(NIBBLE)
                        .or(TABLE_OF_LANE);
                ShortVector x3 = low3.selectFrom(lowTable).reinterpretAsShorts();
                ShortVector z3 = high3.selectFrom(highTable).reinterpretAsShorts();
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

    @Override
    public void twoTilesFourTokens(
            MemorySegment codes,
            long offset,
            long rowTileStride,
            int tiles,
            byte[] tables,
            int tableOffset,
            int tokenStride,
            short[] sums,
            int at) {
        ShortVector all0A = ShortVector.zero(S);
        ShortVector odd0A = all0A;
        ShortVector all0B = all0A;
        ShortVector odd0B = all0A;
        ShortVector all0C = all0A;
        ShortVector odd0C = all0A;
        ShortVector all0D = all0A;
        ShortVector odd0D = all0A;
        ShortVector all1A = all0A;
        ShortVector odd1A = all0A;
        ShortVector all1B = all0A;
        ShortVector odd1B = all0A;
        ShortVector all1C = all0A;
        ShortVector odd1C = all0A;
        ShortVector all1D = all0A;
        ShortVector odd1D = all0A;
        for (int tile = 0; tile < tiles; tile++) {
            for (int part = 0; part < TILE_BYTES; part += LENGTH) {
                long code = offset + (long) tile * TILE_BYTES + part;
                int table = tableOffset + tile * TILE_TABLE_BYTES + part;
                ByteVector code0 = ByteVector.fromMemorySegment(B, codes, code, LITTLE_ENDIAN);
                ByteVector low0 = code0.and(NIBBLE).or(TABLE_OF_LANE);
                ByteVector high0 = code0.reinterpretAsInts()
                        .lanewise(LSHR, 4)
                        .reinterpretAsBytes()
                        .and(NIBBLE)
                        .or(TABLE_OF_LANE);
                ByteVector code1 = ByteVector.fromMemorySegment(B, codes, code + rowTileStride, LITTLE_ENDIAN);
                ByteVector low1 = code1.and(NIBBLE).or(TABLE_OF_LANE);
                ByteVector high1 = code1.reinterpretAsInts()
                        .lanewise(LSHR, 4)
                        .reinterpretAsBytes()
                        .and(NIBBLE)
                        .or(TABLE_OF_LANE);
                ByteVector lowTableA = ByteVector.fromArray(B, tables, table);
                ByteVector highTableA = ByteVector.fromArray(B, tables, table + TILE_BYTES);
                ShortVector x0A = low0.selectFrom(lowTableA).reinterpretAsShorts();
                ShortVector z0A = high0.selectFrom(highTableA).reinterpretAsShorts();
                all0A = all0A.add(x0A).add(z0A);
                odd0A = odd0A.add(x0A.lanewise(LSHR, ONE_BYTE)).add(z0A.lanewise(LSHR, ONE_BYTE));
                ShortVector x1A = low1.selectFrom(lowTableA).reinterpretAsShorts();
                ShortVector z1A = high1.selectFrom(highTableA).reinterpretAsShorts();
                all1A = all1A.add(x1A).add(z1A);
                odd1A = odd1A.add(x1A.lanewise(LSHR, ONE_BYTE)).add(z1A.lanewise(LSHR, ONE_BYTE));
                ByteVector lowTableB = ByteVector.fromArray(B, tables, table + tokenStride);
                ByteVector highTableB = ByteVector.fromArray(B, tables, table + tokenStride + TILE_BYTES);
                ShortVector x0B = low0.selectFrom(lowTableB).reinterpretAsShorts();
                ShortVector z0B = high0.selectFrom(highTableB).reinterpretAsShorts();
                all0B = all0B.add(x0B).add(z0B);
                odd0B = odd0B.add(x0B.lanewise(LSHR, ONE_BYTE)).add(z0B.lanewise(LSHR, ONE_BYTE));
                ShortVector x1B = low1.selectFrom(lowTableB).reinterpretAsShorts();
                ShortVector z1B = high1.selectFrom(highTableB).reinterpretAsShorts();
                all1B = all1B.add(x1B).add(z1B);
                odd1B = odd1B.add(x1B.lanewise(LSHR, ONE_BYTE)).add(z1B.lanewise(LSHR, ONE_BYTE));
                ByteVector lowTableC = ByteVector.fromArray(B, tables, table + 2 * tokenStride);
                ByteVector highTableC = ByteVector.fromArray(B, tables, table + 2 * tokenStride + TILE_BYTES);
                ShortVector x0C = low0.selectFrom(lowTableC).reinterpretAsShorts();
                ShortVector z0C = high0.selectFrom(highTableC).reinterpretAsShorts();
                all0C = all0C.add(x0C).add(z0C);
                odd0C = odd0C.add(x0C.lanewise(LSHR, ONE_BYTE)).add(z0C.lanewise(LSHR, ONE_BYTE));
                ShortVector x1C = low1.selectFrom(lowTableC).reinterpretAsShorts();
                ShortVector z1C = high1.selectFrom(highTableC).reinterpretAsShorts();
                all1C = all1C.add(x1C).add(z1C);
                odd1C = odd1C.add(x1C.lanewise(LSHR, ONE_BYTE)).add(z1C.lanewise(LSHR, ONE_BYTE));
                ByteVector lowTableD = ByteVector.fromArray(B, tables, table + 3 * tokenStride);
                ByteVector highTableD = ByteVector.fromArray(B, tables, table + 3 * tokenStride + TILE_BYTES);
                ShortVector x0D = low0.selectFrom(lowTableD).reinterpretAsShorts();
                ShortVector z0D = high0.selectFrom(highTableD).reinterpretAsShorts();
                all0D = all0D.add(x0D).add(z0D);
                odd0D = odd0D.add(x0D.lanewise(LSHR, ONE_BYTE)).add(z0D.lanewise(LSHR, ONE_BYTE));
                ShortVector x1D = low1.selectFrom(lowTableD).reinterpretAsShorts();
                ShortVector z1D = high1.selectFrom(highTableD).reinterpretAsShorts();
                all1D = all1D.add(x1D).add(z1D);
                odd1D = odd1D.add(x1D.lanewise(LSHR, ONE_BYTE)).add(z1D.lanewise(LSHR, ONE_BYTE));
            }
        }
        all0A.intoArray(sums, at);
        odd0A.intoArray(sums, at + SHORTS);
        all0B.intoArray(sums, at + 2 * SHORTS);
        odd0B.intoArray(sums, at + 3 * SHORTS);
        all0C.intoArray(sums, at + 4 * SHORTS);
        odd0C.intoArray(sums, at + 5 * SHORTS);
        all0D.intoArray(sums, at + 6 * SHORTS);
        odd0D.intoArray(sums, at + 7 * SHORTS);
        all1A.intoArray(sums, at + 8 * SHORTS);
        odd1A.intoArray(sums, at + 9 * SHORTS);
        all1B.intoArray(sums, at + 10 * SHORTS);
        odd1B.intoArray(sums, at + 11 * SHORTS);
        all1C.intoArray(sums, at + 12 * SHORTS);
        odd1C.intoArray(sums, at + 13 * SHORTS);
        all1D.intoArray(sums, at + 14 * SHORTS);
        odd1D.intoArray(sums, at + 15 * SHORTS);
    }

    private static ByteVector tableOfLane() {
        byte[] tables = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            tables[i] = (byte) (i / TableLayout.ENTRIES * TableLayout.ENTRIES);
        }
        return ByteVector.fromArray(B, tables, 0);
    }
}
