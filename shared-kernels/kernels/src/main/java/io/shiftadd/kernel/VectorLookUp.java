package io.shiftadd.kernel;

import static io.shiftadd.kernel.TokenSums.PAIR;
import static io.shiftadd.kernel.TokenSums.TOKENS;

import io.shiftadd.kernel.Scratch.Slot;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts row tiles and tokens into the pieces that {@link TileSums} takes side by side. Sums go through memory to
 * {@link SumFlush}: they are one store and load in hundreds of look-ups, and vectors may not leave a method.
 *
 * <p>One token goes through eight row tiles, or four, from beginning to end, several tokens through two: weights come
 * from memory, whose prefetching needs long sequential streams and begins anew in every page, so that the more streams
 * enter a page at once, the less they wait; tables come from the second-level cache. Four tokens after four look up a
 * chunk of columns while its codes are in the first-level cache.
 * Of a tall tile those rows are looked up that a vector has, then the next ones.
 * Where of several tokens there are fewer, or fewer tiles, left, tables beyond the last token, or the last tile again, are
 * looked up and the sums dropped: that is cheaper than doing the rest one by one. Entries of 16 bits are looked up
 * one tile and token at a time.
 */
final class VectorLookUp implements RowLookUp {

    private final TileSums tileSums;
    private final TokenSums tokenSums;
    private final SumFlush flush;
    private final VectorTileLookUp oneToken;

    /** @param planeSums null for a plane at a time always */
    VectorLookUp(TileSums tileSums, @Nullable PlaneSums planeSums, TokenSums tokenSums, SumFlush flush) {
        this.tileSums = tileSums;
        this.tokenSums = tokenSums;
        this.flush = flush;
        oneToken = new VectorTileLookUp(tileSums, planeSums, flush);
    }

    @Override
    public int streams() {
        return tileSums.most();
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
        int parts = planes.layout().tileRows() / flush.unitRows();
        for (int part = 0; part < parts; part++) {
            lookUp(
                    planes,
                    firstTile,
                    part,
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
        }
    }

    /** The rows of a tile that a vector has, of all tiles. */
    private void lookUp(
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
                    lookUpWide(
                            planes, tile, part, layout, tables, table, steps, step, y, yOffset + t * yStride, scratch);
                }
            }
        } else if (tokens > 1) {
            // Pairs half the tiles apart: from pair to pair two long streams of codes go on.
            int pairs = Math.ceilDiv(tiles, PAIR);
            for (int i = 0; i < pairs; i++) {
                lookUpPair(
                        planes,
                        firstTile + i * tileStride,
                        part,
                        i + pairs < tiles ? pairs * tileStride : 0,
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
            }
        } else {
            oneToken.lookUp(
                    planes,
                    firstTile,
                    part,
                    tileStride,
                    tiles,
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

    /**
     * Several tokens and two row tiles.
     *
     * @param stride tiles from one to the other; 0 if there is one only
     */
    private void lookUpPair(
            PackedPlanes planes,
            int tile,
            int part,
            int stride,
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
        int unit = 2 * TOKENS * tileSums.shorts();
        int size = PAIR * quarters * flush.accumulators();
        short[] sums = scratch.shorts(Slot.SUMS, PAIR * unit);
        float[] rows = scratch.floats(Slot.ACCUMULATORS, size);
        Arrays.fill(rows, 0, size, 0);
        int step = stepOffset;
        for (int plane = 0; plane < layout.bits(); plane++) {
            long codes = planes.tileOffset(tile, plane) + part * flush.unitRows();
            for (int chunk = 0; chunk < layout.chunks(); chunk++, step++) {
                int count = layout.tiles(chunk);
                int bias = layout.chunkBias(chunk);
                int table = tableOffset + layout.chunkOffset(plane, chunk);
                int row = 0;
                for (int quarter = 0; quarter < quarters; quarter++) {
                    int first = quarter * TOKENS;
                    tokenSums.twoTilesFourTokens(
                            planes.data(),
                            codes,
                            stride * planes.rowTileBytes(),
                            count,
                            tables,
                            table + first * layout.tokenStride(),
                            layout.tokenStride(),
                            sums);
                    for (int at = 0; at < PAIR * unit; at += unit) {
                        flush.addFour(sums, at, bias, steps, step + first * layout.steps(), layout.steps(), rows, row);
                        row += flush.accumulators();
                    }
                }
                codes += (long) count * planes.layout().tileBytes();
            }
        }
        for (int t = 0; t < tokens; t++) {
            for (int i = 0; i < (stride == 0 ? 1 : PAIR); i++) {
                int from = (t / TOKENS * PAIR + i) * flush.accumulators();
                flush.store(rows, from, t % TOKENS, planes, tile + i * stride, part, y, yOffset + t * yStride, scratch);
            }
        }
    }

    /** One token and row tile with entries of 16 bits. */
    private void lookUpWide(
            PackedPlanes planes,
            int tile,
            int part,
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
        float[] rows = scratch.floats(Slot.ACCUMULATORS, flush.accumulators());
        Arrays.fill(rows, 0, flush.accumulators(), 0);
        int step = stepOffset;
        for (int plane = 0; plane < layout.bits(); plane++) {
            long codes = planes.tileOffset(tile, plane) + part * flush.unitRows();
            for (int chunk = 0; chunk < layout.chunks(); chunk++) {
                int table = tableOffset + layout.chunkOffset(plane, chunk);
                int count = layout.tiles(chunk);
                tileSums.wide(planes.data(), codes, count, tables, table, sums, 0);
                tileSums.wide(planes.data(), codes, count, tables, table + layout.byteTableStride(), sums, high);
                flush.addWide(sums, 0, high, layout.chunkBias(chunk), steps[step++], rows, 0);
                codes += (long) count * planes.layout().tileBytes();
            }
        }
        flush.store(rows, 0, 0, planes, tile, part, y, yOffset, scratch);
    }
}
