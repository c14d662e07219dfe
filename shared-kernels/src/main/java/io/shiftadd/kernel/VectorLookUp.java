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
 * Where there are fewer tokens or tiles left, tables beyond the last token, or the last tile again, are looked up and
 * the sums dropped: that is cheaper than doing the rest one by one. Entries of 16 bits are looked up one by one.
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
        if (layout.precision() != TablePrecision.INT8) {
            for (int t = 0; t < tokens; t++) {
                int table = tableOffset + t * layout.tokenStride();
                int step = stepOffset + t * layout.steps();
                for (int i = 0; i < tiles; i++) {
                    int tile = firstTile + i * tileStride;
                    lookUpWide(planes, tile, layout, tables, table, steps, step, y, yOffset + t * yStride, scratch);
                }
            }
        } else if (tokens > 1) {
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
        } else {
            for (int done = 0; done < tiles; done += TILES) {
                int tile = firstTile + done * tileStride;
                int count = Math.min(TILES, tiles - done);
                lookUpTiles(
                        planes,
                        tile,
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
    }

    /** One token, and {@link TileSums#TILES} row tiles; if there are fewer, the first of them so many times. */
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
        if (tiles < TILES) {
            for (int i = 1; i < tiles; i++) {
                int other = tile + i * tileStride;
                lookUpTiles(planes, other, 0, 1, layout, tables, tableOffset, steps, stepOffset, y, yOffset, scratch);
            }
        }
        boolean all = tiles == TILES;
        long stride = all ? tileStride * planes.rowTileBytes() : 0;
        short[] sums = scratch.shorts(Slot.SUMS, 2 * TILES * tileSums.shorts());
        float[] rows = scratch.floats(Slot.ACCUMULATORS, SumFlush.ACCUMULATORS);
        Arrays.fill(rows, 0, SumFlush.ACCUMULATORS, 0);
        int step = stepOffset;
        for (int plane = 0; plane < layout.bits(); plane++) {
            long codes = planes.tileOffset(tile, plane);
            // Chunk by chunk: while a sum is flushed, the hardware fetches on in the pages that are being read.
            for (int chunk = 0; chunk < layout.chunks(); chunk++) {
                int count = layout.tiles(chunk);
                int table = tableOffset + layout.chunkOffset(plane, chunk);
                tileSums.fourTiles(planes.data(), codes, stride, count, tables, table, sums);
                flush.addFour(sums, 0, layout.chunkBias(chunk), steps, step++, 0, rows, 0);
                codes += (long) count * TILE_BYTES;
            }
        }
        for (int i = 0; i < (all ? TILES : 1); i++) {
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
        int places = Math.ceilDiv(tiles, PAIR) * PAIR;
        int size = places * quarters * SumFlush.ACCUMULATORS;
        float[] rows = scratch.floats(Slot.ACCUMULATORS, size);
        Arrays.fill(rows, 0, size, 0);
        // The next call's codes follow these: read meanwhile, they are in the second-level cache by then.
        long ahead = planes.tileOffset(firstTile + tiles * tileStride, 0);
        int calls = layout.bits() * layout.chunks() * quarters * places / PAIR;
        int aheadBytes = planes.whole() ? Math.toIntExact(tiles * planes.rowTileBytes() / calls) : 0;
        for (int plane = 0; plane < layout.bits(); plane++) {
            for (int chunk = 0; chunk < layout.chunks(); chunk++) {
                for (int quarter = 0; quarter < quarters; quarter++) {
                    addChunk(
                            planes,
                            ahead,
                            aheadBytes,
                            firstTile,
                            tileStride,
                            tiles,
                            layout,
                            plane,
                            chunk,
                            tables,
                            tableOffset + quarter * TOKENS * layout.tokenStride(),
                            steps,
                            stepOffset + quarter * TOKENS * layout.steps(),
                            rows,
                            quarter * places * SumFlush.ACCUMULATORS,
                            scratch);
                    ahead += (long) aheadBytes * (places / PAIR);
                }
            }
        }
        for (int t = 0; t < tokens; t++) {
            for (int i = 0; i < tiles; i++) {
                int from = (t / TOKENS * places + i) * SumFlush.ACCUMULATORS;
                int tile = firstTile + i * tileStride;
                store(rows, from, t % TOKENS, planes, tile, y, yOffset + t * yStride, scratch);
            }
        }
    }

    /** A chunk of a plane, for all tiles and four tokens. */
    private void addChunk(
            PackedPlanes planes,
            long ahead,
            int aheadBytes,
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
            float[] rows,
            int firstRow,
            Scratch scratch) {
        int size = 2 * TOKENS * tileSums.shorts();
        short[] sums = scratch.shorts(Slot.SUMS, PAIR * size);
        int count = layout.tiles(chunk);
        int bias = layout.chunkBias(chunk);
        long columns = (long) chunk * layout.chunkTiles() * TILE_BYTES;
        int table = tableOffset + layout.chunkOffset(plane, chunk);
        int step = stepOffset + plane * layout.chunks() + chunk;
        int row = firstRow;
        for (int i = 0; i < tiles; i += PAIR) {
            long codes = planes.tileOffset(firstTile + i * tileStride, plane) + columns;
            long stride = i + 1 < tiles ? tileStride * planes.rowTileBytes() : 0;
            scratch.touch(planes.data(), ahead + (long) (i / PAIR) * aheadBytes, aheadBytes);
            tileSums.twoTilesFourTokens(planes.data(), codes, stride, count, tables, table, layout.tokenStride(), sums);
            for (int at = 0; at < PAIR * size; at += size) {
                flush.addFour(sums, at, bias, steps, step, layout.steps(), rows, row);
                row += SumFlush.ACCUMULATORS;
            }
        }
    }

    /** One token and row tile with entries of 16 bits. */
    private void lookUpWide(
            PackedPlanes planes,
            int tile,
            TableLayout layout,
            byte[] tables,
            int tableOffset,
            float[] steps,
            int stepOffset,
            float[] y,
            int yOffset,
            Scratch scratch) {
        int high = 2 * tileSums.shorts();
        short[] sums = scratch.shorts(Slot.SUMS, 2 * high);
        float[] rows = scratch.floats(Slot.ACCUMULATORS, SumFlush.ACCUMULATORS);
        Arrays.fill(rows, 0, SumFlush.ACCUMULATORS, 0);
        int step = stepOffset;
        for (int plane = 0; plane < layout.bits(); plane++) {
            long codes = planes.tileOffset(tile, plane);
            for (int chunk = 0; chunk < layout.chunks(); chunk++) {
                int table = tableOffset + layout.chunkOffset(plane, chunk);
                int count = layout.tiles(chunk);
                tileSums.wide(planes.data(), codes, count, tables, table, sums, 0);
                tileSums.wide(planes.data(), codes, count, tables, table + layout.byteTableStride(), sums, high);
                flush.addWide(sums, 0, high, layout.chunkBias(chunk), steps[step++], rows, 0);
                codes += (long) count * TILE_BYTES;
            }
        }
        store(rows, 0, 0, planes, tile, y, yOffset, scratch);
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
