package io.shiftadd.kernel;

import static io.shiftadd.kernel.TableLayout.ENTRIES;
import static io.shiftadd.kernel.TableLayout.TILE_GROUPS;
import static io.shiftadd.kernel.TableLayout.TILE_TABLE_BYTES;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

/** Plain loops: the specification that the vector implementation is tested against. */
final class ScalarLookUp implements RowLookUp {

    @Override
    public int streams() {
        return TileSums.TILES;
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
        for (int i = 0; i < tiles; i++) {
            int tileRows = planes.layout().tileRows();
            int first = (firstTile + i * tileStride) * tileRows;
            int end = Math.min(first + tileRows, planes.layout().outputs());
            for (int n = first; n < end; n++) {
                for (int t = 0; t < tokens; t++) {
                    int stepsOfToken = stepOffset + t * layout.steps();
                    y[yOffset + t * yStride + n] =
                            row(planes, n, layout, tables, tableOffset + t * layout.tokenStride(), steps, stepsOfToken);
                }
            }
        }
    }

    private static float row(
            PackedPlanes planes,
            int n,
            TableLayout layout,
            byte[] tables,
            int tokenOffset,
            float[] steps,
            int stepOffset) {
        float sum = 0;
        for (int plane = 0; plane < layout.bits(); plane++) {
            for (int chunk = 0; chunk < layout.chunks(); chunk++) {
                int entries = chunkSum(planes, n, plane, chunk, layout, tables, tokenOffset);
                sum += steps[stepOffset + plane * layout.chunks() + chunk] * entries;
            }
        }
        return sum;
    }

    /** The sum of one row's entries in one chunk of one plane, its bias taken off. */
    private static int chunkSum(
            PackedPlanes planes, int n, int plane, int chunk, TableLayout layout, byte[] tables, int tokenOffset) {
        int tileRows = planes.layout().tileRows();
        long row = planes.tileOffset(n / tileRows, plane) + n % tileRows;
        int table = tokenOffset + layout.chunkOffset(plane, chunk);
        int sum = 0;
        for (int i = 0; i < layout.tiles(chunk); i++) {
            long tile = row
                    + (long) (chunk * layout.chunkTiles() + i) * planes.layout().tileBytes();
            for (int j = 0; j < TILE_GROUPS / 2; j++) {
                int codes = planes.data().get(JAVA_BYTE, tile + j * tileRows);
                int group = j / layout.pairDistance() * 2 * layout.pairDistance() + j % layout.pairDistance();
                int low = table + group * ENTRIES + (codes & 0xF);
                int high = table + (group + layout.pairDistance()) * ENTRIES + (codes >> 4 & 0xF);
                int pair = entry(tables, low, layout) + entry(tables, high, layout);
                // Entries of one byte are modulo 256, and so is their sum, which then is the true one.
                sum += layout.precision() == TablePrecision.INT8 ? pair & 0xFF : pair;
            }
            table += TILE_TABLE_BYTES;
        }
        return sum - layout.chunkBias(chunk);
    }

    private static int entry(byte[] tables, int at, TableLayout layout) {
        int low = tables[at] & 0xFF;
        return layout.precision() == TablePrecision.INT8
                ? low
                : low | (tables[at + layout.byteTableStride()] & 0xFF) << Byte.SIZE;
    }
}
