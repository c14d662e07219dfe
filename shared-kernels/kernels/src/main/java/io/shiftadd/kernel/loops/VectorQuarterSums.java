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
 * Look-ups in tiles with vectors of 128 bits, a row tile at a time: a line of codes is used whole when it
 * comes, and its sums stay in registers. A look-up is one instruction, where one in 256 bits is five;
 * {@code selectFrom} keeps an index's low four bits. A loop of more row tiles the compiler may box.
 *
 * <p>Written by {@code LoopWriter}, which a test holds it to.
 */
final class VectorQuarterSums implements TileSums {

    private static final VectorSpecies<Byte> B = VectorLength.species(MethodHandles.lookup(), byte.class);
    private static final VectorSpecies<Short> S = B.withLanes(short.class);
    private static final VectorSpecies<Byte> LANE = ByteVector.SPECIES_128;
    private static final int SHORTS = S.length();

    @Override
    public int shorts() {
        return SHORTS;
    }

    @Override
    public int most() {
        return 1;
    }

    @Override
    public int tiles() {
        return 1;
    }

    @Override
    public void oneTile(
            MemorySegment codes, long offset, int tiles, byte[] tables, int tableOffset, short[] sums, int at) {
        ShortVector sum0 = ShortVector.zero(S);
        ShortVector shifted0 = ShortVector.zero(S);
        ShortVector sum1 = ShortVector.zero(S);
        ShortVector shifted1 = ShortVector.zero(S);
        ShortVector sum2 = ShortVector.zero(S);
        ShortVector shifted2 = ShortVector.zero(S);
        ShortVector sum3 = ShortVector.zero(S);
        ShortVector shifted3 = ShortVector.zero(S);
        for (int vector = 0; vector < tiles * TILE_VECTORS; vector++) {
            long code = offset + (long) vector * TILE_ROWS;
            int table = tableOffset + vector * 2 * ENTRIES;
            ByteVector lowLane = ByteVector.fromArray(LANE, tables, table);
            ByteVector highLane = ByteVector.fromArray(LANE, tables, table + ENTRIES);
            ByteVector lowTable = (ByteVector) lowLane.reinterpretShape(B, 0);
            ByteVector highTable = (ByteVector) highLane.reinterpretShape(B, 0);
            ByteVector code0 = ByteVector.fromMemorySegment(B, codes, code, LITTLE_ENDIAN);
            ByteVector upper0 = code0.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes();
            ByteVector low0 = code0;
            ByteVector high0 = upper0;
            ByteVector bytes0 = low0.selectFrom(lowTable).add(high0.selectFrom(highTable));
            ShortVector entries0 = bytes0.reinterpretAsShorts();
            ShortVector above0 = bytes0.reinterpretAsInts().lanewise(LSHR, 8).reinterpretAsShorts();
            sum0 = entries0.add(sum0);
            shifted0 = above0.add(shifted0);
            ByteVector code1 = ByteVector.fromMemorySegment(B, codes, code + 16, LITTLE_ENDIAN);
            ByteVector upper1 = code1.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes();
            ByteVector low1 = code1;
            ByteVector high1 = upper1;
            ByteVector bytes1 = low1.selectFrom(lowTable).add(high1.selectFrom(highTable));
            ShortVector entries1 = bytes1.reinterpretAsShorts();
            ShortVector above1 = bytes1.reinterpretAsInts().lanewise(LSHR, 8).reinterpretAsShorts();
            sum1 = entries1.add(sum1);
            shifted1 = above1.add(shifted1);
            ByteVector code2 = ByteVector.fromMemorySegment(B, codes, code + 32, LITTLE_ENDIAN);
            ByteVector upper2 = code2.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes();
            ByteVector low2 = code2;
            ByteVector high2 = upper2;
            ByteVector bytes2 = low2.selectFrom(lowTable).add(high2.selectFrom(highTable));
            ShortVector entries2 = bytes2.reinterpretAsShorts();
            ShortVector above2 = bytes2.reinterpretAsInts().lanewise(LSHR, 8).reinterpretAsShorts();
            sum2 = entries2.add(sum2);
            shifted2 = above2.add(shifted2);
            ByteVector code3 = ByteVector.fromMemorySegment(B, codes, code + 48, LITTLE_ENDIAN);
            ByteVector upper3 = code3.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes();
            ByteVector low3 = code3;
            ByteVector high3 = upper3;
            ByteVector bytes3 = low3.selectFrom(lowTable).add(high3.selectFrom(highTable));
            ShortVector entries3 = bytes3.reinterpretAsShorts();
            ShortVector above3 = bytes3.reinterpretAsInts().lanewise(LSHR, 8).reinterpretAsShorts();
            sum3 = entries3.add(sum3);
            shifted3 = above3.add(shifted3);
        }
        sum0.intoArray(sums, at);
        shifted0.intoArray(sums, at + SHORTS);
        sum1.intoArray(sums, at + 2 * SHORTS);
        shifted1.intoArray(sums, at + 3 * SHORTS);
        sum2.intoArray(sums, at + 4 * SHORTS);
        shifted2.intoArray(sums, at + 5 * SHORTS);
        sum3.intoArray(sums, at + 6 * SHORTS);
        shifted3.intoArray(sums, at + 7 * SHORTS);
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
        oneTile(codes, offset, tiles, tables, tableOffset, sums, 0);
    }
}
