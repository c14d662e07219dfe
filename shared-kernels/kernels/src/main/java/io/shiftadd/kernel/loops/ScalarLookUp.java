package io.shiftadd.kernel.loops;

import static io.shiftadd.kernel.packed.TableLayout.ENTRIES;
import static io.shiftadd.kernel.packed.TableLayout.TILE_GROUPS;
import static io.shiftadd.kernel.packed.TableLayout.TILE_TABLE_BYTES;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.shiftadd.kernel.packed.PackedPlanes;
import io.shiftadd.kernel.packed.PlaneLayout;
import io.shiftadd.kernel.packed.RowPass;
import io.shiftadd.kernel.packed.Scratch;
import io.shiftadd.kernel.packed.TableLayout;

/** Plain loops: the specification that the vector implementation is tested against. */
final class ScalarLookUp implements RowLookUp {

    @Override
    public int streams(PlaneLayout layout) {
        return TileSums.TILES;
    }

    @Override
    public void lookUp(RowPass pass, int firstTile, int tileStride, int tiles, Scratch scratch) {
        PlaneLayout layout = pass.planes().layout();
        for (int i = 0; i < tiles; i++) {
            int first = (firstTile + i * tileStride) * layout.tileRows();
            int end = Math.min(first + layout.tileRows(), layout.outputs());
            for (int n = first; n < end; n++) {
                for (int t = 0; t < pass.tokens(); t++) {
                    pass.y()[pass.row(t) + n] = row(pass, n, t);
                }
            }
        }
    }

    private static float row(RowPass pass, int n, int token) {
        float sum = 0;
        for (int plane = 0; plane < pass.layout().bits(); plane++) {
            for (int chunk = 0; chunk < pass.layout().chunks(); chunk++) {
                int entries = chunkSum(pass, n, token, plane, chunk);
                sum += pass.steps()[pass.step(token, plane, chunk)] * entries;
            }
        }
        return sum;
    }

    /** The sum of one row's entries in one chunk of one plane, its bias taken off. */
    private static int chunkSum(RowPass pass, int n, int token, int plane, int chunk) {
        PackedPlanes planes = pass.planes();
        TableLayout layout = pass.layout();
        byte[] tables = pass.tables();
        int tileRows = planes.layout().tileRows();
        long row = planes.chunkOffset(n / tileRows, plane, chunk, layout) + n % tileRows;
        int table = pass.table(token, plane, chunk);
        int sum = 0;
        for (int i = 0; i < layout.tiles(chunk); i++) {
            long tile = row + (long) i * planes.layout().tileBytes();
            for (int j = 0; j < TILE_GROUPS / 2; j++) {
                int codes = planes.data().get(JAVA_BYTE, tile + j * tileRows);
                int group = j / layout.pairDistance() * 2 * layout.pairDistance() + j % layout.pairDistance();
                int low = table + group * ENTRIES + (codes & 0xF);
                int high = table + (group + layout.pairDistance()) * ENTRIES + (codes >> 4 & 0xF);
                // Entries are modulo 256, and so is their sum, which then is the true one.
                sum += tables[low] + tables[high] & 0xFF;
            }
            table += TILE_TABLE_BYTES;
        }
        return sum - layout.chunkBias(chunk);
    }
}
