package io.shiftadd.kernel.loops;

import static io.shiftadd.kernel.loops.TokenSums.PAIR;
import static io.shiftadd.kernel.loops.TokenSums.TOKENS;

import io.shiftadd.kernel.packed.PackedPlanes;
import io.shiftadd.kernel.packed.PlaneLayout;
import io.shiftadd.kernel.packed.RowPass;
import io.shiftadd.kernel.packed.Scratch;
import io.shiftadd.kernel.packed.Scratch.Slot;
import io.shiftadd.kernel.packed.TableLayout;
import java.util.Arrays;

/**
 * Takes several tokens through pairs of row tiles: weights come from memory, whose prefetching needs long sequential
 * streams; tables come from the second-level cache. Four tokens after four look up a chunk of columns while its codes
 * are in the first-level cache.
 *
 * <p>Where fewer tokens, or fewer tiles, are left, tables beyond the last token, or the last tile again, are looked up
 * and the sums dropped: that is cheaper than doing the rest one by one.
 */
record TokensLookUp(TokenSums sums, int shorts, SumFlush flush) {

    void lookUp(RowPass pass, int firstTile, int tileStride, int tiles, Scratch scratch) {
        // Pairs half the tiles apart: from pair to pair two long streams of codes go on.
        int pairs = Math.ceilDiv(tiles, PAIR);
        for (int i = 0; i < pairs; i++) {
            int stride = i + pairs < tiles ? pairs * tileStride : 0;
            lookUpPair(pass, firstTile + i * tileStride, stride, scratch);
        }
    }

    /** @param stride tiles from one of the pair to the other; 0 if there is one only */
    private void lookUpPair(RowPass pass, int tile, int stride, Scratch scratch) {
        int calls = PAIR / sums.tiles();
        int parts = PlaneLayout.TILE_ROWS / flush.unitRows();
        int quarters = Math.ceilDiv(pass.tokens(), TOKENS);
        int size = PAIR * parts * quarters * flush.accumulators();
        float[] rows = scratch.floats(Slot.ACCUMULATORS, size);
        Arrays.fill(rows, 0, size, 0);
        for (int plane = 0; plane < pass.layout().bits(); plane++) {
            for (int chunk = 0; chunk < pass.layout().chunks(); chunk++) {
                for (int i = 0; i < (stride == 0 ? 1 : calls); i++) {
                    for (int part = 0; part < parts; part++) {
                        int row = (i * parts + part) * sums.tiles() * quarters * flush.accumulators();
                        addChunk(pass, tile + i * stride, stride, part, plane, chunk, rows, row, scratch);
                    }
                }
            }
        }
        for (int t = 0; t < pass.tokens(); t++) {
            for (int i = 0; i < (stride == 0 ? 1 : PAIR); i++) {
                for (int part = 0; part < parts; part++) {
                    int call = (i / sums.tiles() * parts + part) * quarters + t / TOKENS;
                    int from = (call * sums.tiles() + i % sums.tiles()) * flush.accumulators();
                    flush.store(rows, from, t % TOKENS, pass, t, tile + i * stride, part, scratch);
                }
            }
        }
    }

    /** All tokens in a chunk of columns, four after four. */
    private void addChunk(
            RowPass pass,
            int tile,
            int stride,
            int part,
            int plane,
            int chunk,
            float[] rows,
            int rowsAt,
            Scratch scratch) {
        PackedPlanes planes = pass.planes();
        TableLayout layout = pass.layout();
        long codes = planes.chunkOffset(tile, plane, chunk, layout) + part * flush.unitRows();
        int unit = 2 * TOKENS * shorts;
        short[] sum = scratch.shorts(Slot.SUMS, sums.tiles() * unit);
        int row = rowsAt;
        for (int first = 0; first < pass.tokens(); first += TOKENS) {
            sums.fourTokens(
                    planes.data(),
                    codes,
                    stride * planes.rowTileBytes(),
                    layout.tiles(chunk),
                    pass.tables(),
                    pass.table(first, plane, chunk),
                    layout.tokenStride(),
                    sum);
            int step = pass.step(first, plane, chunk);
            for (int at = 0; at < sums.tiles() * unit; at += unit) {
                flush.addFour(sum, at, layout.chunkBias(chunk), pass.steps(), step, layout.steps(), rows, row);
                row += flush.accumulators();
            }
        }
    }
}
