package io.shiftadd.kernel;

import static io.shiftadd.kernel.PlaneLayout.TALL_ROWS;
import static io.shiftadd.kernel.PlaneLayout.TILE_VECTORS;
import static io.shiftadd.kernel.TableLayout.ENTRIES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The look-ups of {@link VectorTallSums} in two planes at a time. Its 22 vectors that live through the loop ask for the 32
 * registers of machines with 512 bits.
 */
final class VectorTallPlaneSums implements PlaneSums {

    private static final VectorSpecies<Byte> B = VectorLength.species(MethodHandles.lookup(), byte.class);
    private static final VectorSpecies<Short> S = B.withLanes(short.class);
    private static final VectorSpecies<Byte> LANE = ByteVector.SPECIES_128;
    private static final int SHORTS = S.length();
    private static final ByteVector NIBBLE = ByteVector.broadcast(B, 0xF);
    private static final ShortVector ONE_BYTE = ShortVector.broadcast(S, Byte.SIZE);

    @Override
    public void fourTilesTwoPlanes(
            MemorySegment codes,
            long offset,
            long rowTileStride,
            long planeStride,
            int tiles,
            byte[] tables,
            int tableOffset,
            int planeTableStride,
            short[] sums,
            int at) {
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
        for (int vector = 0; vector < tiles * TILE_VECTORS; vector++) {
            long code = offset + (long) vector * TALL_ROWS;
            int table = tableOffset + vector * 2 * ENTRIES;
            ByteVector lowTable =
                    (ByteVector) ByteVector.fromArray(LANE, tables, table).reinterpretShape(B, 0);
            ByteVector highTable = (ByteVector)
                    ByteVector.fromArray(LANE, tables, table + ENTRIES).reinterpretShape(B, 0);
            int secondTable = table + planeTableStride;
            ByteVector lowSecond =
                    (ByteVector) ByteVector.fromArray(LANE, tables, secondTable).reinterpretShape(B, 0);
            ByteVector highSecond = (ByteVector)
                    ByteVector.fromArray(LANE, tables, secondTable + ENTRIES).reinterpretShape(B, 0);
            ByteVector code0 = ByteVector.fromMemorySegment(B, codes, code, LITTLE_ENDIAN);
            ByteVector low0 = code0.and(NIBBLE);
            ByteVector high0 = code0.reinterpretAsInts()
                    .lanewise(LSHR, 4)
                    .reinterpretAsBytes()
                    .and(NIBBLE);
            ShortVector sum0 =
                    low0.selectFrom(lowTable).add(high0.selectFrom(highTable)).reinterpretAsShorts();
            all0 = sum0.add(all0);
            odd0 = sum0.lanewise(LSHR, ONE_BYTE).add(odd0);
            ByteVector code1 = ByteVector.fromMemorySegment(B, codes, code + rowTileStride, LITTLE_ENDIAN);
            ByteVector low1 = code1.and(NIBBLE);
            ByteVector high1 = code1.reinterpretAsInts()
                    .lanewise(LSHR, 4)
                    .reinterpretAsBytes()
                    .and(NIBBLE);
            ShortVector sum1 =
                    low1.selectFrom(lowTable).add(high1.selectFrom(highTable)).reinterpretAsShorts();
            all1 = sum1.add(all1);
            odd1 = sum1.lanewise(LSHR, ONE_BYTE).add(odd1);
            ByteVector code2 = ByteVector.fromMemorySegment(B, codes, code + 2 * rowTileStride, LITTLE_ENDIAN);
            ByteVector low2 = code2.and(NIBBLE);
            ByteVector high2 = code2.reinterpretAsInts()
                    .lanewise(LSHR, 4)
                    .reinterpretAsBytes()
                    .and(NIBBLE);
            ShortVector sum2 =
                    low2.selectFrom(lowTable).add(high2.selectFrom(highTable)).reinterpretAsShorts();
            all2 = sum2.add(all2);
            odd2 = sum2.lanewise(LSHR, ONE_BYTE).add(odd2);
            ByteVector code3 = ByteVector.fromMemorySegment(B, codes, code + 3 * rowTileStride, LITTLE_ENDIAN);
            ByteVector low3 = code3.and(NIBBLE);
            ByteVector high3 = code3.reinterpretAsInts()
                    .lanewise(LSHR, 4)
                    .reinterpretAsBytes()
                    .and(NIBBLE);
            ShortVector sum3 =
                    low3.selectFrom(lowTable).add(high3.selectFrom(highTable)).reinterpretAsShorts();
            all3 = sum3.add(all3);
            odd3 = sum3.lanewise(LSHR, ONE_BYTE).add(odd3);
            ByteVector code4 = ByteVector.fromMemorySegment(B, codes, code + planeStride, LITTLE_ENDIAN);
            ByteVector low4 = code4.and(NIBBLE);
            ByteVector high4 = code4.reinterpretAsInts()
                    .lanewise(LSHR, 4)
                    .reinterpretAsBytes()
                    .and(NIBBLE);
            ShortVector sum4 =
                    low4.selectFrom(lowSecond).add(high4.selectFrom(highSecond)).reinterpretAsShorts();
            all4 = sum4.add(all4);
            odd4 = sum4.lanewise(LSHR, ONE_BYTE).add(odd4);
            ByteVector code5 =
                    ByteVector.fromMemorySegment(B, codes, code + planeStride + rowTileStride, LITTLE_ENDIAN);
            ByteVector low5 = code5.and(NIBBLE);
            ByteVector high5 = code5.reinterpretAsInts()
                    .lanewise(LSHR, 4)
                    .reinterpretAsBytes()
                    .and(NIBBLE);
            ShortVector sum5 =
                    low5.selectFrom(lowSecond).add(high5.selectFrom(highSecond)).reinterpretAsShorts();
            all5 = sum5.add(all5);
            odd5 = sum5.lanewise(LSHR, ONE_BYTE).add(odd5);
            ByteVector code6 =
                    ByteVector.fromMemorySegment(B, codes, code + planeStride + 2 * rowTileStride, LITTLE_ENDIAN);
            ByteVector low6 = code6.and(NIBBLE);
            ByteVector high6 = code6.reinterpretAsInts()
                    .lanewise(LSHR, 4)
                    .reinterpretAsBytes()
                    .and(NIBBLE);
            ShortVector sum6 =
                    low6.selectFrom(lowSecond).add(high6.selectFrom(highSecond)).reinterpretAsShorts();
            all6 = sum6.add(all6);
            odd6 = sum6.lanewise(LSHR, ONE_BYTE).add(odd6);
            ByteVector code7 =
                    ByteVector.fromMemorySegment(B, codes, code + planeStride + 3 * rowTileStride, LITTLE_ENDIAN);
            ByteVector low7 = code7.and(NIBBLE);
            ByteVector high7 = code7.reinterpretAsInts()
                    .lanewise(LSHR, 4)
                    .reinterpretAsBytes()
                    .and(NIBBLE);
            ShortVector sum7 =
                    low7.selectFrom(lowSecond).add(high7.selectFrom(highSecond)).reinterpretAsShorts();
            all7 = sum7.add(all7);
            odd7 = sum7.lanewise(LSHR, ONE_BYTE).add(odd7);
        }
        all0.intoArray(sums, at);
        odd0.intoArray(sums, at + SHORTS);
        all1.intoArray(sums, at + 2 * SHORTS);
        odd1.intoArray(sums, at + 3 * SHORTS);
        all2.intoArray(sums, at + 4 * SHORTS);
        odd2.intoArray(sums, at + 5 * SHORTS);
        all3.intoArray(sums, at + 6 * SHORTS);
        odd3.intoArray(sums, at + 7 * SHORTS);
        all4.intoArray(sums, at + 8 * SHORTS);
        odd4.intoArray(sums, at + 9 * SHORTS);
        all5.intoArray(sums, at + 10 * SHORTS);
        odd5.intoArray(sums, at + 11 * SHORTS);
        all6.intoArray(sums, at + 12 * SHORTS);
        odd6.intoArray(sums, at + 13 * SHORTS);
        all7.intoArray(sums, at + 14 * SHORTS);
        odd7.intoArray(sums, at + 15 * SHORTS);
    }
}
