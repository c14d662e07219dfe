package io.shiftadd.kernel;

import static io.shiftadd.kernel.TileSums.MOST;
import static io.shiftadd.kernel.TileSums.TILES;

import io.shiftadd.kernel.Scratch.Slot;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes one token through eight row tiles at a time, or four, with tables of 8 bits: eight long streams of codes, since four
 * row tiles go through two planes side by side where registers suffice.
 */
final class VectorTileLookUp {

    private final TileSums tileSums;
    private final @Nullable PlaneSums planeSums;
    private final SumFlush flush;

    VectorTileLookUp(TileSums tileSums, @Nullable PlaneSums planeSums, SumFlush flush) {
        this.tileSums = tileSums;
        this.planeSums = tileSums.most() == MOST ? planeSums : null;
        this.flush = flush;
    }

    /** The rows of a tile that a vector has, of some tiles. */
    void lookUp(
            PackedPlanes planes,
            int firstTile,
            int part,
            int tileStride,
            int tiles,
            TableLayout layout,
            byte[] tables,
            int tableOffset,
            float[] steps,
            int stepOffset,
            float[] y,
            int yOffset,
            Scratch scratch) {
        int count;
        for (int done = 0; done < tiles; done += count) {
            int left = tiles - done;
            count = left >= tileSums.most() ? tileSums.most() : Math.min(TILES, left);
            lookUpTiles(
                    planes,
                    firstTile + done * tileStride,
                    part,
                    tileStride,
                    count,
                    layout,
                    tables,
                    tableOffset,
                    steps,
                    stepOffset,
                    y,
                    yOffset,
                    scratch);
        }
    }

    /** Shorts of a unit. */
    private int size() {
        return 2 * tileSums.shorts();
    }

    /**
     * One token and eight row tiles, or four, of which planes go in pairs. Three go as four with a neighbour whose sums are
     * dropped: its codes are in the cache already, or will be asked for next. One or two go one by one.
     */
    private void lookUpTiles(
            PackedPlanes planes,
            int firstTile,
            int part,
            int tileStride,
            int tiles,
            TableLayout layout,
            byte[] tables,
            int tableOffset,
            float[] steps,
            int stepOffset,
            float[] y,
            int yOffset,
            Scratch scratch) {
        int rowTiles = planes.layout().rowTiles();
        boolean neighbour = tiles == TILES - 1 && tileStride == 1 && rowTiles >= TILES;
        int tile = neighbour ? Math.min(firstTile, rowTiles - TILES) : firstTile;
        int count = neighbour ? TILES : tiles;
        long stride = tileStride * planes.rowTileBytes();
        int fours = Math.ceilDiv(count, TILES);
        PlaneSums pairSums = count == TILES ? planeSums : null;
        short[] sums = scratch.shorts(
                Slot.SUMS, (pairSums == null ? fours : PlaneSums.PAIR * layout.chunks()) * TILES * size());
        float[] rows = scratch.floats(Slot.ACCUMULATORS, fours * flush.accumulators());
        Arrays.fill(rows, 0, fours * flush.accumulators(), 0);
        int plane = 0;
        for (; pairSums != null && plane + 1 < layout.bits(); plane += PlaneSums.PAIR) {
            int step = stepOffset + plane * layout.chunks();
            addTwoPlanes(
                    pairSums, planes, tile, part, stride, layout, plane, tables, tableOffset, sums, steps, step, rows);
        }
        for (; plane < layout.bits(); plane++) {
            int step = stepOffset + plane * layout.chunks();
            addPlane(planes, tile, part, stride, count, layout, plane, tables, tableOffset, sums, steps, step, rows);
        }
        for (int i = 0; i < tiles; i++) {
            int unit = i + (firstTile - tile);
            int row = unit / TILES * flush.accumulators();
            flush.store(rows, row, unit % TILES, planes, firstTile + i * tileStride, part, y, yOffset, scratch);
        }
    }

    private void addPlane(
            PackedPlanes planes,
            int tile,
            int part,
            long stride,
            int tiles,
            TableLayout layout,
            int plane,
            byte[] tables,
            int tableOffset,
            short[] sums,
            float[] steps,
            int step,
            float[] rows) {
        long codes = planes.tileOffset(tile, plane) + part * flush.unitRows();
        // Chunk by chunk: while a sum is flushed, the hardware fetches on in the pages that are being read.
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            int columnTiles = layout.tiles(chunk);
            int table = tableOffset + layout.chunkOffset(plane, chunk);
            if (tiles == MOST) {
                tileSums.eightTiles(planes.data(), codes, stride, columnTiles, tables, table, sums);
            } else if (tiles == TILES) {
                tileSums.fourTiles(planes.data(), codes, stride, columnTiles, tables, table, sums);
            } else {
                for (int i = 0; i < tiles; i++) {
                    tileSums.oneTile(planes.data(), codes + i * stride, columnTiles, tables, table, sums, i * size());
                }
            }
            for (int four = 0; four * TILES < tiles; four++) {
                int row = four * flush.accumulators();
                flush.addFour(sums, four * TILES * size(), layout.chunkBias(chunk), steps, step + chunk, 0, rows, row);
            }
            codes += (long) columnTiles * planes.layout().tileBytes();
        }
    }

    /** Sums of the second plane wait for the end of the first, so that they are added in the order of all other ways. */
    private void addTwoPlanes(
            PlaneSums pairSums,
            PackedPlanes planes,
            int tile,
            int part,
            long stride,
            TableLayout layout,
            int plane,
            byte[] tables,
            int tableOffset,
            short[] sums,
            float[] steps,
            int step,
            float[] rows) {
        int unit = TILES * size();
        long codes = planes.tileOffset(tile, plane) + part * flush.unitRows();
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            int columnTiles = layout.tiles(chunk);
            int at = chunk * PlaneSums.PAIR * unit;
            pairSums.fourTilesTwoPlanes(
                    planes.data(),
                    codes,
                    stride,
                    planes.layout().planeBytes(),
                    columnTiles,
                    tables,
                    tableOffset + layout.chunkOffset(plane, chunk),
                    layout.planeBytes(),
                    sums,
                    at);
            flush.addFour(sums, at, layout.chunkBias(chunk), steps, step + chunk, 0, rows, 0);
            codes += (long) columnTiles * planes.layout().tileBytes();
        }
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            int at = (chunk * PlaneSums.PAIR + 1) * unit;
            flush.addFour(sums, at, layout.chunkBias(chunk), steps, step + layout.chunks() + chunk, 0, rows, 0);
        }
    }
}
