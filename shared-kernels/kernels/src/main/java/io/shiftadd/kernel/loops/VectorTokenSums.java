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

/** The look-ups of {@link VectorSums} for several tokens. */
final class VectorTokenSums implements TokenSums {

    private static final VectorSpecies<Byte> B = VectorLength.species(MethodHandles.lookup(), byte.class);
    private static final VectorSpecies<Short> S = B.withLanes(short.class);
    private static final int LENGTH = B.length();
    private static final int TILE_BYTES = PlaneLayout.TILE_ROWS * PlaneLayout.TILE_VECTORS;
    private static final int SHORTS = S.length();
    private static final ByteVector NIBBLE = ByteVector.broadcast(B, 0xF);
    private static final ByteVector TABLE_OF_LANE = VectorLength.tableOfLane(B);

    @Override
    public int tiles() {
        return PAIR;
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
                all0A = sum0A.add(all0A);
                odd0A = sum0A.lanewise(LSHR, Byte.SIZE).add(odd0A);
                ShortVector sum1A = low1.selectFrom(lowTableA)
                        .add(high1.selectFrom(highTableA))
                        .reinterpretAsShorts();
                all1A = sum1A.add(all1A);
                odd1A = sum1A.lanewise(LSHR, Byte.SIZE).add(odd1A);
                ByteVector lowTableB = ByteVector.fromArray(B, tables, table + tokenStride);
                ByteVector highTableB = ByteVector.fromArray(B, tables, table + tokenStride + TILE_BYTES);
                ShortVector sum0B = low0.selectFrom(lowTableB)
                        .add(high0.selectFrom(highTableB))
                        .reinterpretAsShorts();
                all0B = sum0B.add(all0B);
                odd0B = sum0B.lanewise(LSHR, Byte.SIZE).add(odd0B);
                ShortVector sum1B = low1.selectFrom(lowTableB)
                        .add(high1.selectFrom(highTableB))
                        .reinterpretAsShorts();
                all1B = sum1B.add(all1B);
                odd1B = sum1B.lanewise(LSHR, Byte.SIZE).add(odd1B);
                ByteVector lowTableC = ByteVector.fromArray(B, tables, table + 2 * tokenStride);
                ByteVector highTableC = ByteVector.fromArray(B, tables, table + 2 * tokenStride + TILE_BYTES);
                ShortVector sum0C = low0.selectFrom(lowTableC)
                        .add(high0.selectFrom(highTableC))
                        .reinterpretAsShorts();
                all0C = sum0C.add(all0C);
                odd0C = sum0C.lanewise(LSHR, Byte.SIZE).add(odd0C);
                ShortVector sum1C = low1.selectFrom(lowTableC)
                        .add(high1.selectFrom(highTableC))
                        .reinterpretAsShorts();
                all1C = sum1C.add(all1C);
                odd1C = sum1C.lanewise(LSHR, Byte.SIZE).add(odd1C);
                ByteVector lowTableD = ByteVector.fromArray(B, tables, table + 3 * tokenStride);
                ByteVector highTableD = ByteVector.fromArray(B, tables, table + 3 * tokenStride + TILE_BYTES);
                ShortVector sum0D = low0.selectFrom(lowTableD)
                        .add(high0.selectFrom(highTableD))
                        .reinterpretAsShorts();
                all0D = sum0D.add(all0D);
                odd0D = sum0D.lanewise(LSHR, Byte.SIZE).add(odd0D);
                ShortVector sum1D = low1.selectFrom(lowTableD)
                        .add(high1.selectFrom(highTableD))
                        .reinterpretAsShorts();
                all1D = sum1D.add(all1D);
                odd1D = sum1D.lanewise(LSHR, Byte.SIZE).add(odd1D);
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
}
