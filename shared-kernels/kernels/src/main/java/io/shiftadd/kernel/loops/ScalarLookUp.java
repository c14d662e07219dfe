package io.shiftadd.kernel.loops;

import static io.shiftadd.kernel.packed.PlaneLayout.TILE_ROWS;
import static io.shiftadd.kernel.packed.TableLayout.ENTRIES;
import static io.shiftadd.kernel.packed.TableLayout.TILE_GROUPS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.shiftadd.kernel.packed.PackedPlanes;
import io.shiftadd.kernel.packed.PlaneLayout;
import io.shiftadd.kernel.packed.RowPass;
import io.shiftadd.kernel.packed.Scratch;
import io.shiftadd.kernel.packed.TableLayout;

/** Plain loops: the specification that the vector implementation is tested against. */
final class ScalarLookUp implements RowLookUp {

    @Override
    public int streams() {
        return TileSums.TILES;
    }

    @Override
    public void lookUp(RowPass pass, int firstTile, int tileStride, int tiles, Scratch scratch) {
        PlaneLayout layout = pass.planes().layout();
        for (int i = 0; i < tiles; i++) {
            int tile = firstTile + i * tileStride;
            for (int r = 0; r < layout.rows(tile); r++) {
                for (int t = 0; t < pass.tokens(); t++) {
                    pass.y()[pass.row(t) + layout.firstRow(tile) + r] = row(pass, tile, r, t);
                }
            }
        }
    }

    private static float row(RowPass pass, int tile, int r, int token) {
        float sum = 0;
        for (int plane = 0; plane < pass.layout().bits(); plane++) {
            for (int chunk = 0; chunk < pass.layout().chunks(); chunk++) {
                int entries = chunkSum(pass, tile, r, token, plane, chunk);
                sum += pass.steps()[pass.step(token, plane, chunk)] * entries;
            }
        }
        return sum;
    }

    /** The sum of one row's entries in one chunk of one plane, its bias taken off. */
    private static int chunkSum(RowPass pass, int tile, int r, int token, int plane, int chunk) {
        PackedPlanes planes = pass.planes();
        TableLayout layout = pass.layout();
        byte[] tables = pass.tables();
        long at = planes.chunkOffset(tile, plane, chunk, layout) + r;
        int table = pass.table(token, plane, chunk);
        int sum = 0;
        for (int i = 0; i < layout.tiles(chunk) * TILE_GROUPS; i += 2) {
            int codes = planes.data().get(JAVA_BYTE, at + (long) i / 2 * TILE_ROWS);
            int low = table + i * ENTRIES + (codes & 0xF);
            int high = table + (i + 1) * ENTRIES + (codes >> 4 & 0xF);
            // Entries are modulo 256, and so is their sum, which then is the true one.
            sum += tables[low] + tables[high] & 0xFF;
        }
        return sum - layout.chunkBias(chunk);
    }
}
