package io.shiftadd.kernel.loops;

import static io.shiftadd.kernel.loops.SumFlush.UNITS;
import static io.shiftadd.kernel.loops.TileSums.MOST;
import static io.shiftadd.kernel.loops.TileSums.TILES;

import io.shiftadd.kernel.packed.PackedPlanes;
import io.shiftadd.kernel.packed.PlaneLayout;
import io.shiftadd.kernel.packed.RowPass;
import io.shiftadd.kernel.packed.Scratch;
import io.shiftadd.kernel.packed.Scratch.Slot;
import io.shiftadd.kernel.packed.TableLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes one token through some row tiles at a time, from beginning to end: weights come from memory, whose prefetching
 * needs long sequential streams and begins anew in every page, so that the more streams enter a page at once, the less
 * they wait. Where registers suffice there are eight: eight row tiles, or four in two planes side by side.
 */
final class OneTokenLookUp {

    private final TileSums tileSums;
    private final @Nullable PlaneSums planeSums;
    private final SumFlush flush;

    /** @param planeSums null for a plane at a time always */
    OneTokenLookUp(TileSums tileSums, @Nullable PlaneSums planeSums, SumFlush flush) {
        this.tileSums = tileSums;
        this.planeSums = planeSums;
        this.flush = flush;
    }

    int streams() {
        return tileSums.most();
    }

    void lookUp(RowPass pass, int firstTile, int tileStride, int tiles, Scratch scratch) {
        int count;
        for (int done = 0; done < tiles; done += count) {
            int left = tiles - done;
            count = left >= tileSums.most() ? tileSums.most() : Math.min(tileSums.tiles(), left);
            lookUpTiles(pass, firstTile + done * tileStride, tileStride, count, scratch);
        }
    }

    /** Shorts of a unit. */
    private int size() {
        return 2 * tileSums.shorts();
    }

    /**
     * Three of four row tiles go as four with a neighbour whose sums are dropped: its codes are in the cache already,
     * or will be asked for next. Fewer go one by one.
     */
    private void lookUpTiles(RowPass pass, int firstTile, int tileStride, int tiles, Scratch scratch) {
        PackedPlanes planes = pass.planes();
        int rowTiles = planes.layout().rowTiles();
        int parts = PlaneLayout.TILE_ROWS / flush.unitRows();
        boolean neighbour = tiles == TILES - 1 && tileStride == 1 && rowTiles >= TILES;
        int tile = neighbour ? Math.min(firstTile, rowTiles - TILES) : firstTile;
        int count = neighbour ? TILES : tiles;
        int fours = Math.ceilDiv(count * parts, UNITS);
        float[] rows = scratch.floats(Slot.ACCUMULATORS, fours * flush.accumulators());
        Arrays.fill(rows, 0, fours * flush.accumulators(), 0);
        int plane = 0;
        PlaneSums pairSums = count == TILES ? planeSums : null;
        for (; pairSums != null && plane + 1 < pass.layout().bits(); plane += PlaneSums.PAIR) {
            addTwoPlanes(pairSums, pass, tile, tileStride, plane, rows, scratch);
        }
        for (; plane < pass.layout().bits(); plane++) {
            addPlane(pass, tile, tileStride, count, parts, plane, rows, scratch);
        }
        for (int i = 0; i < tiles * parts; i++) {
            int unit = i + (firstTile - tile) * parts;
            int row = unit / UNITS * flush.accumulators();
            int of = firstTile + i / parts * tileStride;
            flush.store(rows, row, unit % UNITS, pass, 0, of, i % parts, scratch);
        }
    }

    /** Chunk by chunk: while a sum is flushed, the hardware fetches on in the pages that are being read. */
    private void addPlane(
            RowPass pass, int tile, int tileStride, int tiles, int parts, int plane, float[] rows, Scratch scratch) {
        PackedPlanes planes = pass.planes();
        TableLayout layout = pass.layout();
        byte[] tables = pass.tables();
        int fours = Math.ceilDiv(tiles * parts, UNITS);
        short[] sums = scratch.shorts(Slot.SUMS, fours * UNITS * size());
        long stride = tileStride * planes.rowTileBytes();
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            long codes = planes.chunkOffset(tile, plane, chunk, layout);
            int columnTiles = layout.tiles(chunk);
            int table = pass.table(0, plane, chunk);
            if (tiles == MOST) {
                tileSums.eightTiles(planes.data(), codes, stride, columnTiles, tables, table, sums);
            } else if (tiles == tileSums.tiles()) {
                tileSums.someTiles(planes.data(), codes, stride, columnTiles, tables, table, sums);
            } else {
                for (int i = 0; i < tiles; i++) {
                    long code = codes + i * stride;
                    tileSums.oneTile(planes.data(), code, columnTiles, tables, table, sums, i * parts * size());
                }
            }
            int step = pass.step(0, plane, chunk);
            for (int four = 0; four < fours; four++) {
                int at = four * UNITS * size();
                flush.addFour(
                        sums, at, layout.chunkBias(chunk), pass.steps(), step, 0, rows, four * flush.accumulators());
            }
        }
    }

    /**
     * Sums of the second plane wait for the end of the first, so that they are added in the order of all other ways.
     */
    private void addTwoPlanes(
            PlaneSums pairSums, RowPass pass, int tile, int tileStride, int plane, float[] rows, Scratch scratch) {
        PackedPlanes planes = pass.planes();
        TableLayout layout = pass.layout();
        int unit = UNITS * size();
        short[] sums = scratch.shorts(Slot.SUMS, PlaneSums.PAIR * layout.chunks() * unit);
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            int at = chunk * PlaneSums.PAIR * unit;
            pairSums.fourTilesTwoPlanes(
                    planes.data(),
                    planes.chunkOffset(tile, plane, chunk, layout),
                    tileStride * planes.rowTileBytes(),
                    planes.layout().planeBytes(),
                    layout.tiles(chunk),
                    pass.tables(),
                    pass.table(0, plane, chunk),
                    layout.planeBytes(),
                    sums,
                    at);
            flush.addFour(sums, at, layout.chunkBias(chunk), pass.steps(), pass.step(0, plane, chunk), 0, rows, 0);
        }
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            int at = (chunk * PlaneSums.PAIR + 1) * unit;
            int step = pass.step(0, plane + 1, chunk);
            flush.addFour(sums, at, layout.chunkBias(chunk), pass.steps(), step, 0, rows, 0);
        }
    }
}
