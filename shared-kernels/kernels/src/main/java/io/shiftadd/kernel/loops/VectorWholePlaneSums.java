package io.shiftadd.kernel.loops;

import static io.shiftadd.kernel.packed.PlaneLayout.TILE_ROWS;
import static io.shiftadd.kernel.packed.PlaneLayout.TILE_VECTORS;
import static io.shiftadd.kernel.packed.TableLayout.ENTRIES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHR;

import io.shiftadd.kernel.species.VectorLength;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The look-ups of {@link VectorWholeSums} in two planes at a time. Its 22 vectors that live through the loop ask
 * for the 32 registers of machines with 512 bits.
 *
 * <p>Written by {@code LoopWriter}, which a test holds it to.
 */
final class VectorWholePlaneSums implements PlaneSums {

    private static final VectorSpecies<Byte> B = VectorLength.species(MethodHandles.lookup(), byte.class);
    private static final VectorSpecies<Short> S = B.withLanes(short.class);
    private static final VectorSpecies<Byte> LANE = ByteVector.SPECIES_128;
    private static final int SHORTS = S.length();
    private static final ByteVector NIBBLE = ByteVector.broadcast(B, 0xF);

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
        ShortVector sum0 = ShortVector.zero(S);
        ShortVector shifted0 = ShortVector.zero(S);
        ShortVector sum1 = ShortVector.zero(S);
        ShortVector shifted1 = ShortVector.zero(S);
        ShortVector sum2 = ShortVector.zero(S);
        ShortVector shifted2 = ShortVector.zero(S);
        ShortVector sum3 = ShortVector.zero(S);
        ShortVector shifted3 = ShortVector.zero(S);
        ShortVector sum4 = ShortVector.zero(S);
        ShortVector shifted4 = ShortVector.zero(S);
        ShortVector sum5 = ShortVector.zero(S);
        ShortVector shifted5 = ShortVector.zero(S);
        ShortVector sum6 = ShortVector.zero(S);
        ShortVector shifted6 = ShortVector.zero(S);
        ShortVector sum7 = ShortVector.zero(S);
        ShortVector shifted7 = ShortVector.zero(S);
        for (int vector = 0; vector < tiles * TILE_VECTORS; vector++) {
            long code = offset + (long) vector * TILE_ROWS;
            int table = tableOffset + vector * 2 * ENTRIES;
            ByteVector lowLane = ByteVector.fromArray(LANE, tables, table);
            ByteVector highLane = ByteVector.fromArray(LANE, tables, table + ENTRIES);
            ByteVector lowTable = (ByteVector) lowLane.reinterpretShape(B, 0);
            ByteVector highTable = (ByteVector) highLane.reinterpretShape(B, 0);
            int secondTable = table + planeTableStride;
            ByteVector lowLaneSecond = ByteVector.fromArray(LANE, tables, secondTable);
            ByteVector highLaneSecond = ByteVector.fromArray(LANE, tables, secondTable + ENTRIES);
            ByteVector lowTableSecond = (ByteVector) lowLaneSecond.reinterpretShape(B, 0);
            ByteVector highTableSecond = (ByteVector) highLaneSecond.reinterpretShape(B, 0);
            ByteVector code0 = ByteVector.fromMemorySegment(B, codes, code, LITTLE_ENDIAN);
            ByteVector upper0 = code0.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes();
            ByteVector low0 = code0.and(NIBBLE);
            ByteVector high0 = upper0.and(NIBBLE);
            ByteVector bytes0 = low0.selectFrom(lowTable).add(high0.selectFrom(highTable));
            ShortVector entries0 = bytes0.reinterpretAsShorts();
            ShortVector above0 = bytes0.reinterpretAsInts().lanewise(LSHR, 8).reinterpretAsShorts();
            sum0 = entries0.add(sum0);
            shifted0 = above0.add(shifted0);
            ByteVector code1 = ByteVector.fromMemorySegment(B, codes, code + rowTileStride, LITTLE_ENDIAN);
            ByteVector upper1 = code1.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes();
            ByteVector low1 = code1.and(NIBBLE);
            ByteVector high1 = upper1.and(NIBBLE);
            ByteVector bytes1 = low1.selectFrom(lowTable).add(high1.selectFrom(highTable));
            ShortVector entries1 = bytes1.reinterpretAsShorts();
            ShortVector above1 = bytes1.reinterpretAsInts().lanewise(LSHR, 8).reinterpretAsShorts();
            sum1 = entries1.add(sum1);
            shifted1 = above1.add(shifted1);
            ByteVector code2 = ByteVector.fromMemorySegment(B, codes, code + 2 * rowTileStride, LITTLE_ENDIAN);
            ByteVector upper2 = code2.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes();
            ByteVector low2 = code2.and(NIBBLE);
            ByteVector high2 = upper2.and(NIBBLE);
            ByteVector bytes2 = low2.selectFrom(lowTable).add(high2.selectFrom(highTable));
            ShortVector entries2 = bytes2.reinterpretAsShorts();
            ShortVector above2 = bytes2.reinterpretAsInts().lanewise(LSHR, 8).reinterpretAsShorts();
            sum2 = entries2.add(sum2);
            shifted2 = above2.add(shifted2);
            ByteVector code3 = ByteVector.fromMemorySegment(B, codes, code + 3 * rowTileStride, LITTLE_ENDIAN);
            ByteVector upper3 = code3.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes();
            ByteVector low3 = code3.and(NIBBLE);
            ByteVector high3 = upper3.and(NIBBLE);
            ByteVector bytes3 = low3.selectFrom(lowTable).add(high3.selectFrom(highTable));
            ShortVector entries3 = bytes3.reinterpretAsShorts();
            ShortVector above3 = bytes3.reinterpretAsInts().lanewise(LSHR, 8).reinterpretAsShorts();
            sum3 = entries3.add(sum3);
            shifted3 = above3.add(shifted3);
            ByteVector code4 = ByteVector.fromMemorySegment(B, codes, code + planeStride, LITTLE_ENDIAN);
            ByteVector upper4 = code4.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes();
            ByteVector low4 = code4.and(NIBBLE);
            ByteVector high4 = upper4.and(NIBBLE);
            ByteVector bytes4 = low4.selectFrom(lowTableSecond).add(high4.selectFrom(highTableSecond));
            ShortVector entries4 = bytes4.reinterpretAsShorts();
            ShortVector above4 = bytes4.reinterpretAsInts().lanewise(LSHR, 8).reinterpretAsShorts();
            sum4 = entries4.add(sum4);
            shifted4 = above4.add(shifted4);
            ByteVector code5 =
                    ByteVector.fromMemorySegment(B, codes, code + planeStride + rowTileStride, LITTLE_ENDIAN);
            ByteVector upper5 = code5.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes();
            ByteVector low5 = code5.and(NIBBLE);
            ByteVector high5 = upper5.and(NIBBLE);
            ByteVector bytes5 = low5.selectFrom(lowTableSecond).add(high5.selectFrom(highTableSecond));
            ShortVector entries5 = bytes5.reinterpretAsShorts();
            ShortVector above5 = bytes5.reinterpretAsInts().lanewise(LSHR, 8).reinterpretAsShorts();
            sum5 = entries5.add(sum5);
            shifted5 = above5.add(shifted5);
            ByteVector code6 =
                    ByteVector.fromMemorySegment(B, codes, code + planeStride + 2 * rowTileStride, LITTLE_ENDIAN);
            ByteVector upper6 = code6.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes();
            ByteVector low6 = code6.and(NIBBLE);
            ByteVector high6 = upper6.and(NIBBLE);
            ByteVector bytes6 = low6.selectFrom(lowTableSecond).add(high6.selectFrom(highTableSecond));
            ShortVector entries6 = bytes6.reinterpretAsShorts();
            ShortVector above6 = bytes6.reinterpretAsInts().lanewise(LSHR, 8).reinterpretAsShorts();
            sum6 = entries6.add(sum6);
            shifted6 = above6.add(shifted6);
            ByteVector code7 =
                    ByteVector.fromMemorySegment(B, codes, code + planeStride + 3 * rowTileStride, LITTLE_ENDIAN);
            ByteVector upper7 = code7.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes();
            ByteVector low7 = code7.and(NIBBLE);
            ByteVector high7 = upper7.and(NIBBLE);
            ByteVector bytes7 = low7.selectFrom(lowTableSecond).add(high7.selectFrom(highTableSecond));
            ShortVector entries7 = bytes7.reinterpretAsShorts();
            ShortVector above7 = bytes7.reinterpretAsInts().lanewise(LSHR, 8).reinterpretAsShorts();
            sum7 = entries7.add(sum7);
            shifted7 = above7.add(shifted7);
        }
        sum0.intoArray(sums, at);
        shifted0.intoArray(sums, at + SHORTS);
        sum1.intoArray(sums, at + 2 * SHORTS);
        shifted1.intoArray(sums, at + 3 * SHORTS);
        sum2.intoArray(sums, at + 4 * SHORTS);
        shifted2.intoArray(sums, at + 5 * SHORTS);
        sum3.intoArray(sums, at + 6 * SHORTS);
        shifted3.intoArray(sums, at + 7 * SHORTS);
        sum4.intoArray(sums, at + 8 * SHORTS);
        shifted4.intoArray(sums, at + 9 * SHORTS);
        sum5.intoArray(sums, at + 10 * SHORTS);
        shifted5.intoArray(sums, at + 11 * SHORTS);
        sum6.intoArray(sums, at + 12 * SHORTS);
        shifted6.intoArray(sums, at + 13 * SHORTS);
        sum7.intoArray(sums, at + 14 * SHORTS);
        shifted7.intoArray(sums, at + 15 * SHORTS);
    }
}
