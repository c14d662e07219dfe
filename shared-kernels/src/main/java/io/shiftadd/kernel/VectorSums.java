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
 * <p>The two entries that a byte of codes selects are added as bytes, which their bound allows, and the sums as 16-bit
 * lanes {@code all += x} and {@code odd += x >>> 8}; {@code all − (odd << 8)} is the sum of the even bytes, all modulo
 * 2^16, which 256 sums cannot exceed. Nibbles are taken out as ints, since shifts of bytes are emulated; a neighbour's
 * bits are masked away.
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
    public void wide(
            MemorySegment codes, long offset, int tiles, byte[] tables, int tableOffset, short[] sums, int at) {
        ShortVector all = ShortVector.zero(S);
        ShortVector odd = ShortVector.zero(S);
        for (int tile = 0; tile < tiles; tile++) {
            for (int part = 0; part < TILE_BYTES; part += LENGTH) {
                int table = tableOffset + tile * TILE_TABLE_BYTES + part;
                ByteVector code =
                        ByteVector.fromMemorySegment(B, codes, offset + (long) tile * TILE_BYTES + part, LITTLE_ENDIAN);
                ByteVector low = code.and(NIBBLE).or(TABLE_OF_LANE);
                ByteVector high = code.reinterpretAsInts()
                        .lanewise(LSHR, 4)
                        .reinterpretAsBytes()
                        .and(NIBBLE)
                        .or(TABLE_OF_LANE);
                ShortVector x =
                        low.selectFrom(ByteVector.fromArray(B, tables, table)).reinterpretAsShorts();
                ShortVector z = high.selectFrom(ByteVector.fromArray(B, tables, table + TILE_BYTES))
                        .reinterpretAsShorts();
                all = all.add(x).add(z);
                odd = odd.add(x.lanewise(LSHR, ONE_BYTE)).add(z.lanewise(LSHR, ONE_BYTE));
            }
        }
        all.intoArray(sums, at);
        odd.intoArray(sums, at + SHORTS);
    }

    @Override
    public void oneTile(
            MemorySegment codes, long offset, int tiles, byte[] tables, int tableOffset, short[] sums, int at) {
        ShortVector all = ShortVector.zero(S);
        ShortVector odd = ShortVector.zero(S);
        for (int tile = 0; tile < tiles; tile++) {
            for (int part = 0; part < TILE_BYTES; part += LENGTH) {
                int table = tableOffset + tile * TILE_TABLE_BYTES + part;
                ByteVector code =
                        ByteVector.fromMemorySegment(B, codes, offset + (long) tile * TILE_BYTES + part, LITTLE_ENDIAN);
                ByteVector low = code.and(NIBBLE).or(TABLE_OF_LANE);
                ByteVector high = code.reinterpretAsInts()
                        .lanewise(LSHR, 4)
                        .reinterpretAsBytes()
                        .and(NIBBLE)
                        .or(TABLE_OF_LANE);
                ShortVector sum = low.selectFrom(ByteVector.fromArray(B, tables, table))
                        .add(high.selectFrom(ByteVector.fromArray(B, tables, table + TILE_BYTES)))
                        .reinterpretAsShorts();
                all = all.add(sum);
                odd = odd.add(sum.lanewise(LSHR, ONE_BYTE));
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
            short[] sums) {
        ShortVector all0 = ShortVector.zero(S);
        ShortVector odd0 = ShortVector.zero(S);
        ShortVector all1 = ShortVector.zero(S);
        ShortVector odd1 = ShortVector.zero(S);
        ShortVector all2 = ShortVector.zero(S);
        ShortVector odd2 = ShortVector.zero(S);
        ShortVector all3 = ShortVector.zero(S);
        ShortVector odd3 = ShortVector.zero(S);
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
                ShortVector sum0 = low0.selectFrom(lowTable)
                        .add(high0.selectFrom(highTable))
                        .reinterpretAsShorts();
                all0 = all0.add(sum0);
                odd0 = odd0.add(sum0.lanewise(LSHR, ONE_BYTE));
                ByteVector code1 = ByteVector.fromMemorySegment(B, codes, code + rowTileStride, LITTLE_ENDIAN);
                ByteVector low1 = code1.and(NIBBLE).or(TABLE_OF_LANE);
                ByteVector high1 = code1.reinterpretAsInts()
                        .lanewise(LSHR, 4)
                        .reinterpretAsBytes()
                        .and(NIBBLE)
                        .or(TABLE_OF_LANE);
                ShortVector sum1 = low1.selectFrom(lowTable)
                        .add(high1.selectFrom(highTable))
                        .reinterpretAsShorts();
                all1 = all1.add(sum1);
                odd1 = odd1.add(sum1.lanewise(LSHR, ONE_BYTE));
                ByteVector code2 = ByteVector.fromMemorySegment(B, codes, code + 2 * rowTileStride, LITTLE_ENDIAN);
                ByteVector low2 = code2.and(NIBBLE).or(TABLE_OF_LANE);
                ByteVector high2 = code2.reinterpretAsInts()
                        .lanewise(LSHR, 4)
                        .reinterpretAsBytes()
                        .and(NIBBLE)
                        .or(TABLE_OF_LANE);
                ShortVector sum2 = low2.selectFrom(lowTable)
                        .add(high2.selectFrom(highTable))
                        .reinterpretAsShorts();
                all2 = all2.add(sum2);
                odd2 = odd2.add(sum2.lanewise(LSHR, ONE_BYTE));
                ByteVector code3 = ByteVector.fromMemorySegment(B, codes, code + 3 * rowTileStride, LITTLE_ENDIAN);
                ByteVector low3 = code3.and(NIBBLE).or(TABLE_OF_LANE);
                ByteVector high3 = code3.reinterpretAsInts()
                        .lanewise(LSHR, 4)
                        .reinterpretAsBytes()
                        .and(NIBBLE)
                        .or(TABLE_OF_LANE);
                ShortVector sum3 = low3.selectFrom(lowTable)
                        .add(high3.selectFrom(highTable))
                        .reinterpretAsShorts();
                all3 = all3.add(sum3);
                odd3 = odd3.add(sum3.lanewise(LSHR, ONE_BYTE));
            }
        }
        all0.intoArray(sums, 0);
        odd0.intoArray(sums, SHORTS);
        all1.intoArray(sums, 2 * SHORTS);
        odd1.intoArray(sums, 3 * SHORTS);
        all2.intoArray(sums, 4 * SHORTS);
        odd2.intoArray(sums, 5 * SHORTS);
        all3.intoArray(sums, 6 * SHORTS);
        odd3.intoArray(sums, 7 * SHORTS);
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
            short[] sums) {
        ShortVector all0A = ShortVector.zero(S);
        ShortVector odd0A = ShortVector.zero(S);
        ShortVector all0B = ShortVector.zero(S);
        ShortVector odd0B = ShortVector.zero(S);
        ShortVector all0C = ShortVector.zero(S);
        ShortVector odd0C = ShortVector.zero(S);
        ShortVector all0D = ShortVector.zero(S);
        ShortVector odd0D = ShortVector.zero(S);
        ShortVector all1A = ShortVector.zero(S);
        ShortVector odd1A = ShortVector.zero(S);
        ShortVector all1B = ShortVector.zero(S);
        ShortVector odd1B = ShortVector.zero(S);
        ShortVector all1C = ShortVector.zero(S);
        ShortVector odd1C = ShortVector.zero(S);
        ShortVector all1D = ShortVector.zero(S);
        ShortVector odd1D = ShortVector.zero(S);
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
                ShortVector sum0A = low0.selectFrom(lowTableA)
                        .add(high0.selectFrom(highTableA))
                        .reinterpretAsShorts();
                all0A = all0A.add(sum0A);
                odd0A = odd0A.add(sum0A.lanewise(LSHR, ONE_BYTE));
                ShortVector sum1A = low1.selectFrom(lowTableA)
                        .add(high1.selectFrom(highTableA))
                        .reinterpretAsShorts();
                all1A = all1A.add(sum1A);
                odd1A = odd1A.add(sum1A.lanewise(LSHR, ONE_BYTE));
                ByteVector lowTableB = ByteVector.fromArray(B, tables, table + tokenStride);
                ByteVector highTableB = ByteVector.fromArray(B, tables, table + tokenStride + TILE_BYTES);
                ShortVector sum0B = low0.selectFrom(lowTableB)
                        .add(high0.selectFrom(highTableB))
                        .reinterpretAsShorts();
                all0B = all0B.add(sum0B);
                odd0B = odd0B.add(sum0B.lanewise(LSHR, ONE_BYTE));
                ShortVector sum1B = low1.selectFrom(lowTableB)
                        .add(high1.selectFrom(highTableB))
                        .reinterpretAsShorts();
                all1B = all1B.add(sum1B);
                odd1B = odd1B.add(sum1B.lanewise(LSHR, ONE_BYTE));
                ByteVector lowTableC = ByteVector.fromArray(B, tables, table + 2 * tokenStride);
                ByteVector highTableC = ByteVector.fromArray(B, tables, table + 2 * tokenStride + TILE_BYTES);
                ShortVector sum0C = low0.selectFrom(lowTableC)
                        .add(high0.selectFrom(highTableC))
                        .reinterpretAsShorts();
                all0C = all0C.add(sum0C);
                odd0C = odd0C.add(sum0C.lanewise(LSHR, ONE_BYTE));
                ShortVector sum1C = low1.selectFrom(lowTableC)
                        .add(high1.selectFrom(highTableC))
                        .reinterpretAsShorts();
                all1C = all1C.add(sum1C);
                odd1C = odd1C.add(sum1C.lanewise(LSHR, ONE_BYTE));
                ByteVector lowTableD = ByteVector.fromArray(B, tables, table + 3 * tokenStride);
                ByteVector highTableD = ByteVector.fromArray(B, tables, table + 3 * tokenStride + TILE_BYTES);
                ShortVector sum0D = low0.selectFrom(lowTableD)
                        .add(high0.selectFrom(highTableD))
                        .reinterpretAsShorts();
                all0D = all0D.add(sum0D);
                odd0D = odd0D.add(sum0D.lanewise(LSHR, ONE_BYTE));
                ShortVector sum1D = low1.selectFrom(lowTableD)
                        .add(high1.selectFrom(highTableD))
                        .reinterpretAsShorts();
                all1D = all1D.add(sum1D);
                odd1D = odd1D.add(sum1D.lanewise(LSHR, ONE_BYTE));
            }
        }
        all0A.intoArray(sums, 0);
        odd0A.intoArray(sums, SHORTS);
        all0B.intoArray(sums, 2 * SHORTS);
        odd0B.intoArray(sums, 3 * SHORTS);
        all0C.intoArray(sums, 4 * SHORTS);
        odd0C.intoArray(sums, 5 * SHORTS);
        all0D.intoArray(sums, 6 * SHORTS);
        odd0D.intoArray(sums, 7 * SHORTS);
        all1A.intoArray(sums, 8 * SHORTS);
        odd1A.intoArray(sums, 9 * SHORTS);
        all1B.intoArray(sums, 10 * SHORTS);
        odd1B.intoArray(sums, 11 * SHORTS);
        all1C.intoArray(sums, 12 * SHORTS);
        odd1C.intoArray(sums, 13 * SHORTS);
        all1D.intoArray(sums, 14 * SHORTS);
        odd1D.intoArray(sums, 15 * SHORTS);
    }

    private static ByteVector tableOfLane() {
        byte[] tables = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            tables[i] = (byte) (i / TableLayout.ENTRIES * TableLayout.ENTRIES);
        }
        return ByteVector.fromArray(B, tables, 0);
    }
}
