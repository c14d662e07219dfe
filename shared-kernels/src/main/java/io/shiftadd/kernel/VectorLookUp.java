package io.shiftadd.kernel;

import static io.shiftadd.kernel.PlaneLayout.TILE_BYTES;
import static io.shiftadd.kernel.PlaneLayout.TILE_ROWS;

import io.shiftadd.kernel.Scratch.Slot;

/**
 * Cuts row tiles and tokens into the pieces that {@link TileSums} takes side by side. Sums go through memory to
 * {@link SumFlush}: they are one store and load in hundreds of look-ups, and vectors may not leave a method.
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
        int sumSize = layout.steps() * layout.precision().bytes() * 2 * tileSums.shorts();
        short[] sums = scratch.shorts(Slot.SUMS, sumSize * TileSums.PAIR * TileSums.TOKENS);
        float[] rows = scratch.floats(Slot.SUMS, TILE_ROWS);
        int end = firstTile + tiles;
        int grouped = tokens / TileSums.TOKENS * TileSums.TOKENS;
        int step;
        for (int tile = firstTile; tile < end; tile += step) {
            step = end - tile >= TileSums.TILES ? TileSums.TILES : 1;
            for (int t = 0; t < tokens; t += t < grouped && step > 1 ? TileSums.TOKENS : 1) {
                boolean together = t < grouped && step > 1;
                int tokenTables = tableOffset + t * layout.bytes();
                int tokenSteps = stepOffset + t * layout.steps();
                int target = yOffset + t * yStride;
                if (together) {
                    for (int pair = tile; pair < tile + step; pair += TileSums.PAIR) {
                        sum(planes, pair, TileSums.PAIR, TileSums.TOKENS, layout, tables, tokenTables, sums);
                        int units = TileSums.PAIR * TileSums.TOKENS;
                        for (int unit = 0; unit < units; unit++) {
                            int token = unit % TileSums.TOKENS;
                            int stepsOfToken = tokenSteps + token * layout.steps();
                            int tileOfUnit = pair + unit / TileSums.TOKENS;
                            int to = target + token * yStride;
                            addUp(sums, unit, units, layout, steps, stepsOfToken, rows, planes, tileOfUnit, y, to);
                        }
                    }
                } else {
                    sum(planes, tile, step, 1, layout, tables, tokenTables, sums);
                    for (int unit = 0; unit < step; unit++) {
                        addUp(sums, unit, step, layout, steps, tokenSteps, rows, planes, tile + unit, y, target);
                    }
                }
            }
        }
    }

    /** All planes and chunks of some row tiles and tokens; the sums of a chunk lie together. */
    private void sum(
            PackedPlanes planes,
            int tile,
            int rowTiles,
            int tokens,
            TableLayout layout,
            byte[] tables,
            int tableOffset,
            short[] sums) {
        long stride = planes.rowTileBytes();
        int at = 0;
        for (int plane = 0; plane < layout.bits(); plane++) {
            long codes = planes.tileOffset(tile, plane);
            for (int chunk = 0; chunk < layout.chunks(); chunk++) {
                int table = tableOffset + layout.chunkOffset(plane, chunk);
                int count = layout.tiles(chunk);
                for (int width = 0; width < layout.precision().bytes(); width++) {
                    if (tokens > 1) {
                        tileSums.twoTilesFourTokens(
                                planes.data(), codes, stride, count, tables, table, layout.bytes(), sums, at);
                    } else if (rowTiles > 1) {
                        tileSums.fourTiles(planes.data(), codes, stride, count, tables, table, sums, at);
                    } else {
                        tileSums.one(planes.data(), codes, count, tables, table, sums, at);
                    }
                    table += layout.byteTableStride();
                    at += rowTiles * tokens * 2 * tileSums.shorts();
                }
                codes += (long) count * TILE_BYTES;
            }
        }
    }

    /** Straight into the result, unless the last tile has fewer rows than others. */
    private void addUp(
            short[] sums,
            int unit,
            int units,
            TableLayout layout,
            float[] steps,
            int stepOffset,
            float[] rows,
            PackedPlanes planes,
            int tile,
            float[] y,
            int yOffset) {
        int size = 2 * tileSums.shorts();
        int first = tile * TILE_ROWS;
        int count = planes.layout().outputs() - first;
        if (count >= TILE_ROWS) {
            flush.addUp(sums, unit * size, units * size, layout, steps, stepOffset, y, yOffset + first);
        } else {
            flush.addUp(sums, unit * size, units * size, layout, steps, stepOffset, rows, 0);
            System.arraycopy(rows, 0, y, yOffset + first, count);
        }
    }
}
