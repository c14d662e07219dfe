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
 * The look-ups of {@link VectorQuarterSums} for several tokens, a quarter of a row tile at a time: its eight
 * sums leave registers for tables, of which each is used once.
 *
 * <p>Written by {@code LoopWriter}, which a test holds it to.
 */
final class VectorQuarterTokenSums implements TokenSums {

    private static final VectorSpecies<Byte> B = VectorLength.species(MethodHandles.lookup(), byte.class);
    private static final VectorSpecies<Short> S = B.withLanes(short.class);
    private static final VectorSpecies<Byte> LANE = ByteVector.SPECIES_128;
    private static final int SHORTS = S.length();

    @Override
    public int tiles() {
        return 1;
    }

    @Override
    public void fourTokens(
            MemorySegment codes,
            long offset,
            long rowTileStride,
            int tiles,
            byte[] tables,
            int tableOffset,
            int tokenStride,
            short[] sums) {
        ShortVector sum0A = ShortVector.zero(S);
        ShortVector shifted0A = ShortVector.zero(S);
        ShortVector sum0B = ShortVector.zero(S);
        ShortVector shifted0B = ShortVector.zero(S);
        ShortVector sum0C = ShortVector.zero(S);
        ShortVector shifted0C = ShortVector.zero(S);
        ShortVector sum0D = ShortVector.zero(S);
        ShortVector shifted0D = ShortVector.zero(S);
        for (int vector = 0; vector < tiles * TILE_VECTORS; vector++) {
            long code = offset + (long) vector * TILE_ROWS;
            int table = tableOffset + vector * 2 * ENTRIES;
            ByteVector code0 = ByteVector.fromMemorySegment(B, codes, code, LITTLE_ENDIAN);
            ByteVector upper0 = code0.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes();
            ByteVector low0 = code0;
            ByteVector high0 = upper0;
            ByteVector lowLaneA = ByteVector.fromArray(LANE, tables, table);
            ByteVector highLaneA = ByteVector.fromArray(LANE, tables, table + ENTRIES);
            ByteVector lowTableA = (ByteVector) lowLaneA.reinterpretShape(B, 0);
            ByteVector highTableA = (ByteVector) highLaneA.reinterpretShape(B, 0);
            ByteVector bytes0A = low0.selectFrom(lowTableA).add(high0.selectFrom(highTableA));
            ShortVector entries0A = bytes0A.reinterpretAsShorts();
            ShortVector above0A = bytes0A.reinterpretAsInts().lanewise(LSHR, 8).reinterpretAsShorts();
            sum0A = entries0A.add(sum0A);
            shifted0A = above0A.add(shifted0A);
            int tableB = table + tokenStride;
            ByteVector lowLaneB = ByteVector.fromArray(LANE, tables, tableB);
            ByteVector highLaneB = ByteVector.fromArray(LANE, tables, tableB + ENTRIES);
            ByteVector lowTableB = (ByteVector) lowLaneB.reinterpretShape(B, 0);
            ByteVector highTableB = (ByteVector) highLaneB.reinterpretShape(B, 0);
            ByteVector bytes0B = low0.selectFrom(lowTableB).add(high0.selectFrom(highTableB));
            ShortVector entries0B = bytes0B.reinterpretAsShorts();
            ShortVector above0B = bytes0B.reinterpretAsInts().lanewise(LSHR, 8).reinterpretAsShorts();
            sum0B = entries0B.add(sum0B);
            shifted0B = above0B.add(shifted0B);
            int tableC = table + 2 * tokenStride;
            ByteVector lowLaneC = ByteVector.fromArray(LANE, tables, tableC);
            ByteVector highLaneC = ByteVector.fromArray(LANE, tables, tableC + ENTRIES);
            ByteVector lowTableC = (ByteVector) lowLaneC.reinterpretShape(B, 0);
            ByteVector highTableC = (ByteVector) highLaneC.reinterpretShape(B, 0);
            ByteVector bytes0C = low0.selectFrom(lowTableC).add(high0.selectFrom(highTableC));
            ShortVector entries0C = bytes0C.reinterpretAsShorts();
            ShortVector above0C = bytes0C.reinterpretAsInts().lanewise(LSHR, 8).reinterpretAsShorts();
            sum0C = entries0C.add(sum0C);
            shifted0C = above0C.add(shifted0C);
            int tableD = table + 3 * tokenStride;
            ByteVector lowLaneD = ByteVector.fromArray(LANE, tables, tableD);
            ByteVector highLaneD = ByteVector.fromArray(LANE, tables, tableD + ENTRIES);
            ByteVector lowTableD = (ByteVector) lowLaneD.reinterpretShape(B, 0);
            ByteVector highTableD = (ByteVector) highLaneD.reinterpretShape(B, 0);
            ByteVector bytes0D = low0.selectFrom(lowTableD).add(high0.selectFrom(highTableD));
            ShortVector entries0D = bytes0D.reinterpretAsShorts();
            ShortVector above0D = bytes0D.reinterpretAsInts().lanewise(LSHR, 8).reinterpretAsShorts();
            sum0D = entries0D.add(sum0D);
            shifted0D = above0D.add(shifted0D);
        }
        sum0A.intoArray(sums, 0);
        shifted0A.intoArray(sums, SHORTS);
        sum0B.intoArray(sums, 2 * SHORTS);
        shifted0B.intoArray(sums, 3 * SHORTS);
        sum0C.intoArray(sums, 4 * SHORTS);
        shifted0C.intoArray(sums, 5 * SHORTS);
        sum0D.intoArray(sums, 6 * SHORTS);
        shifted0D.intoArray(sums, 7 * SHORTS);
    }
}
