package io.shiftadd.kernel;

import static io.shiftadd.kernel.PlaneLayout.TILE_BYTES;
import static io.shiftadd.kernel.PlaneLayout.TILE_ROWS;
import static io.shiftadd.kernel.TileSums.PAIR;
import static io.shiftadd.kernel.TileSums.TILES;
import static io.shiftadd.kernel.TileSums.TOKENS;

import io.shiftadd.kernel.Scratch.Slot;
import java.util.Arrays;

/**
 * Cuts row tiles and tokens into the pieces that {@link TileSums} takes side by side. Sums go through memory to
 * {@link SumFlush}: they are one store and load in hundreds of look-ups, and vectors may not leave a method.
 *
 * <p>One token goes through four row tiles from beginning to end, since its weights come from memory. Several tokens go
 * chunk by chunk: the tables of four tokens and the tiles of all rows of the call are then in the first-level cache.
 * Where there are fewer than four tokens or two tiles left, tables beyond the last token, or the last tile once more,
 * are looked up and the sums dropped: that is cheaper than doing the rest one by one.
 */
final class VectorLookUp implements RowLookUp {

    private final TileSums tileSums;
    private final SumFlush flush;

    VectorLookUp(TileSums tileSums, SumFlush flush) {
        this.tileSums = tileSums;
        this.flush = flush;
    }

    @Override
    public void lookUp(
            PackedPlanes planes,
            int firstTile,
            int tileStride,
            int tiles,
            TableLayout layout,
            byte[] tables,
            int tableOffset,
            float[] steps,
            int stepOffset,
            int tokens,
            float[] y,
            int yOffset,
            int yStride,
            Scratch scratch) {
        if (tokens > 1) {
            lookUpTokens(
                    planes,
                    firstTile,
                    tileStride,
                    tiles,
                    layout,
                    tables,
                    tableOffset,
                    steps,
                    stepOffset,
                    tokens,
                    y,
                    yOffset,
                    yStride,
                    scratch);
            return;
        }
        int done = 0;
        for (; done <= tiles - TILES; done += TILES) {
            int tile = firstTile + done * tileStride;
            lookUpTiles(
                    planes,
                    tile,
                    tileStride,
                    TILES,
                    layout,
                    tables,
                    tableOffset,
                    steps,
                    stepOffset,
                    y,
                    yOffset,
                    scratch);
        }
        for (; done < tiles; done++) {
            int tile = firstTile + done * tileStride;
            lookUpTiles(planes, tile, 0, 1, layout, tables, tableOffset, steps, stepOffset, y, yOffset, scratch);
        }
    }

    /** One token, and one row tile or {@link TileSums#TILES}. */
    private void lookUpTiles(
            PackedPlanes planes,
            int tile,
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
        int high = 2 * TILES * tileSums.shorts();
        short[] sums = scratch.shorts(Slot.SUMS, 2 * high);
        float[] rows = scratch.floats(Slot.ACCUMULATORS, SumFlush.ACCUMULATORS);
        Arrays.fill(rows, 0, SumFlush.ACCUMULATORS, 0);
        long stride = tileStride * planes.rowTileBytes();
        int step = stepOffset;
        for (int plane = 0; plane < layout.bits(); plane++) {
            long codes = planes.tileOffset(tile, plane);
            for (int chunk = 0; chunk < layout.chunks(); chunk++) {
                int table = tableOffset + layout.chunkOffset(plane, chunk);
                int count = layout.tiles(chunk);
                for (int at = 0; at < layout.precision().bytes() * high; at += high) {
                    if (tiles == 1) {
                        tileSums.one(planes.data(), codes, count, tables, table, sums, at);
                    } else {
                        tileSums.fourTiles(planes.data(), codes, stride, count, tables, table, sums, at);
                    }
                    table += layout.byteTableStride();
                }
                flush.addFour(sums, 0, high, layout.precision(), layout.chunkBias(chunk), steps, step, 0, rows, 0);
                step++;
                codes += (long) count * TILE_BYTES;
            }
        }
        for (int i = 0; i < tiles; i++) {
            store(rows, 0, i, planes, tile + i * tileStride, y, yOffset, scratch);
        }
    }

    private void lookUpTokens(
            PackedPlanes planes,
            int firstTile,
            int tileStride,
            int tiles,
            TableLayout layout,
            byte[] tables,
            int tableOffset,
            float[] steps,
            int stepOffset,
            int tokens,
            float[] y,
            int yOffset,
            int yStride,
            Scratch scratch) {
        int quarters = Math.ceilDiv(tokens, TOKENS);
        int pairs = Math.ceilDiv(tiles, PAIR);
        int size = pairs * quarters * PAIR * SumFlush.ACCUMULATORS;
        float[] rows = scratch.floats(Slot.ACCUMULATORS, size);
        Arrays.fill(rows, 0, size, 0);
        for (int plane = 0; plane < layout.bits(); plane++) {
            for (int chunk = 0; chunk < layout.chunks(); chunk++) {
                addChunk(
                        planes,
                        firstTile,
                        tileStride,
                        tiles,
                        layout,
                        plane,
                        chunk,
                        tables,
                        tableOffset,
                        steps,
                        stepOffset,
                        quarters,
                        rows,
                        scratch);
            }
        }
        for (int t = 0; t < tokens; t++) {
            for (int i = 0; i < tiles; i++) {
                int unit = (t / TOKENS * pairs + i / PAIR) * PAIR + i % PAIR;
                int from = unit * SumFlush.ACCUMULATORS;
                int tile = firstTile + i * tileStride;
                store(rows, from, t % TOKENS, planes, tile, y, yOffset + t * yStride, scratch);
            }
        }
    }

    private void addChunk(
            PackedPlanes planes,
            int firstTile,
            int tileStride,
            int tiles,
            TableLayout layout,
            int plane,
            int chunk,
            byte[] tables,
            int tableOffset,
            float[] steps,
            int stepOffset,
            int quarters,
            float[] rows,
            Scratch scratch) {
        int tileSum = 2 * TOKENS * tileSums.shorts();
        int high = PAIR * tileSum;
        short[] sums = scratch.shorts(Slot.SUMS, 2 * high);
        int count = layout.tiles(chunk);
        long columns = (long) chunk * layout.chunkTiles() * TILE_BYTES;
        int bias = layout.chunkBias(chunk);
        int row = 0;
        for (int quarter = 0; quarter < quarters; quarter++) {
            int table = tableOffset + quarter * TOKENS * layout.bytes() + layout.chunkOffset(plane, chunk);
            int step = stepOffset + quarter * TOKENS * layout.steps() + plane * layout.chunks() + chunk;
            for (int i = 0; i < tiles; i += PAIR) {
                long codes = planes.tileOffset(firstTile + i * tileStride, plane) + columns;
                long stride = i + 1 < tiles ? tileStride * planes.rowTileBytes() : 0;
                for (int width = 0; width < layout.precision().bytes(); width++) {
                    int byteTable = table + width * layout.byteTableStride();
                    tileSums.twoTilesFourTokens(
                            planes.data(), codes, stride, count, tables, byteTable, layout.bytes(), sums, width * high);
                }
                for (int at = 0; at < high; at += tileSum) {
                    flush.addFour(
                            sums, at, high + at, layout.precision(), bias, steps, step, layout.steps(), rows, row);
                    row += SumFlush.ACCUMULATORS;
                }
            }
        }
    }

    /** Straight into the result, unless the last tile has fewer rows than others. */
    private void store(
            float[] rows,
            int rowsAt,
            int unit,
            PackedPlanes planes,
            int tile,
            float[] y,
            int yOffset,
            Scratch scratch) {
        int first = tile * TILE_ROWS;
        int count = planes.layout().outputs() - first;
        if (count >= TILE_ROWS) {
            flush.store(rows, rowsAt, unit, y, yOffset + first);
        } else {
            float[] last = scratch.floats(Slot.LAST_ROWS, TILE_ROWS);
            flush.store(rows, rowsAt, unit, last, 0);
            System.arraycopy(last, 0, y, yOffset + first, count);
        }
    }
}
