package io.shiftadd.kernel.loops;

import static io.shiftadd.kernel.packed.TableLayout.TILE_TABLE_BYTES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHR;

import io.shiftadd.kernel.packed.PlaneLayout;
import io.shiftadd.kernel.species.VectorLength;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Look-ups in vector registers, in tiles of 16 rows. A register holds as many tables of 16 entries as it has 128-bit
 * lanes, so that a vector of a tile looks up with one permutation: the nibble plus 16 times the lane selects the entry.
 *
 * <p>The two entries that a byte of codes selects are added as bytes, which their bound allows, and the sums as 16-bit
 * lanes {@code all += x} and {@code odd += x >>> 8}; {@code all − (odd << 8)} is the sum of the even bytes, all modulo
 * 2^16, which 256 sums cannot exceed. Nibbles are taken out as ints, since shifts of bytes are emulated; a neighbour's
 * bits are masked away.
 *
 * <p>The loops are written out, without helpers: once a method is large, the just-in-time compiler no longer inlines
 * small ones, and a vector that leaves a method is boxed. An accumulator is the argument of an addition and never its
 * receiver, whose class the compiler has to know: of a value that a loop carries it would have to guess it.
 */
final class VectorSums implements TileSums {

    private static final VectorSpecies<Byte> B = VectorLength.species(MethodHandles.lookup(), byte.class);
    private static final VectorSpecies<Short> S = B.withLanes(short.class);
    private static final int LENGTH = B.length();
    private static final int TILE_BYTES = PlaneLayout.TILE_ROWS * PlaneLayout.TILE_VECTORS;
    private static final int SHORTS = S.length();
    private static final ByteVector NIBBLE = ByteVector.broadcast(B, 0xF);
    private static final ByteVector TABLE_OF_LANE = VectorLength.tableOfLane(B);

    @Override
    public int tiles() {
        return TILES;
    }

    @Override
    public int shorts() {
        return SHORTS;
    }

    /** Eight need 26 vectors: machines with 512 bits have 32 of them, others may have 16. */
    @Override
    public int most() {
        return B == ByteVector.SPECIES_512 ? MOST : TILES;
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
                all = sum.add(all);
                odd = sum.lanewise(LSHR, Byte.SIZE).add(odd);
            }
        }
        all.intoArray(sums, at);
        odd.intoArray(sums, at + SHORTS);
    }

    @Override
    public void someTiles(
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
                all0 = sum0.add(all0);
                odd0 = sum0.lanewise(LSHR, Byte.SIZE).add(odd0);
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
                all1 = sum1.add(all1);
                odd1 = sum1.lanewise(LSHR, Byte.SIZE).add(odd1);
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
                all2 = sum2.add(all2);
                odd2 = sum2.lanewise(LSHR, Byte.SIZE).add(odd2);
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
                all3 = sum3.add(all3);
                odd3 = sum3.lanewise(LSHR, Byte.SIZE).add(odd3);
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
    public void eightTiles(
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
        ShortVector all4 = ShortVector.zero(S);
        ShortVector odd4 = ShortVector.zero(S);
        ShortVector all5 = ShortVector.zero(S);
        ShortVector odd5 = ShortVector.zero(S);
        ShortVector all6 = ShortVector.zero(S);
        ShortVector odd6 = ShortVector.zero(S);
        ShortVector all7 = ShortVector.zero(S);
        ShortVector odd7 = ShortVector.zero(S);
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
                all0 = sum0.add(all0);
                odd0 = sum0.lanewise(LSHR, Byte.SIZE).add(odd0);
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
                all1 = sum1.add(all1);
                odd1 = sum1.lanewise(LSHR, Byte.SIZE).add(odd1);
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
                all2 = sum2.add(all2);
                odd2 = sum2.lanewise(LSHR, Byte.SIZE).add(odd2);
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
                all3 = sum3.add(all3);
                odd3 = sum3.lanewise(LSHR, Byte.SIZE).add(odd3);
                ByteVector code4 = ByteVector.fromMemorySegment(B, codes, code + 4 * rowTileStride, LITTLE_ENDIAN);
                ByteVector low4 = code4.and(NIBBLE).or(TABLE_OF_LANE);
                ByteVector high4 = code4.reinterpretAsInts()
                        .lanewise(LSHR, 4)
                        .reinterpretAsBytes()
                        .and(NIBBLE)
                        .or(TABLE_OF_LANE);
                ShortVector sum4 = low4.selectFrom(lowTable)
                        .add(high4.selectFrom(highTable))
                        .reinterpretAsShorts();
                all4 = sum4.add(all4);
                odd4 = sum4.lanewise(LSHR, Byte.SIZE).add(odd4);
                ByteVector code5 = ByteVector.fromMemorySegment(B, codes, code + 5 * rowTileStride, LITTLE_ENDIAN);
                ByteVector low5 = code5.and(NIBBLE).or(TABLE_OF_LANE);
                ByteVector high5 = code5.reinterpretAsInts()
                        .lanewise(LSHR, 4)
                        .reinterpretAsBytes()
                        .and(NIBBLE)
                        .or(TABLE_OF_LANE);
                ShortVector sum5 = low5.selectFrom(lowTable)
                        .add(high5.selectFrom(highTable))
                        .reinterpretAsShorts();
                all5 = sum5.add(all5);
                odd5 = sum5.lanewise(LSHR, Byte.SIZE).add(odd5);
                ByteVector code6 = ByteVector.fromMemorySegment(B, codes, code + 6 * rowTileStride, LITTLE_ENDIAN);
                ByteVector low6 = code6.and(NIBBLE).or(TABLE_OF_LANE);
                ByteVector high6 = code6.reinterpretAsInts()
                        .lanewise(LSHR, 4)
                        .reinterpretAsBytes()
                        .and(NIBBLE)
                        .or(TABLE_OF_LANE);
                ShortVector sum6 = low6.selectFrom(lowTable)
                        .add(high6.selectFrom(highTable))
                        .reinterpretAsShorts();
                all6 = sum6.add(all6);
                odd6 = sum6.lanewise(LSHR, Byte.SIZE).add(odd6);
                ByteVector code7 = ByteVector.fromMemorySegment(B, codes, code + 7 * rowTileStride, LITTLE_ENDIAN);
                ByteVector low7 = code7.and(NIBBLE).or(TABLE_OF_LANE);
                ByteVector high7 = code7.reinterpretAsInts()
                        .lanewise(LSHR, 4)
                        .reinterpretAsBytes()
                        .and(NIBBLE)
                        .or(TABLE_OF_LANE);
                ShortVector sum7 = low7.selectFrom(lowTable)
                        .add(high7.selectFrom(highTable))
                        .reinterpretAsShorts();
                all7 = sum7.add(all7);
                odd7 = sum7.lanewise(LSHR, Byte.SIZE).add(odd7);
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
        all4.intoArray(sums, 8 * SHORTS);
        odd4.intoArray(sums, 9 * SHORTS);
        all5.intoArray(sums, 10 * SHORTS);
        odd5.intoArray(sums, 11 * SHORTS);
        all6.intoArray(sums, 12 * SHORTS);
        odd6.intoArray(sums, 13 * SHORTS);
        all7.intoArray(sums, 14 * SHORTS);
        odd7.intoArray(sums, 15 * SHORTS);
    }
}
