package io.shiftadd.kernel.packed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaneLayoutTest {

    @ParameterizedTest
    @CsvSource({
        "256, 256, 4",
        "200, 200, 4",
        "64, 80, 1",
        "3, 2147483647, 1",
        "2048, 256, 32",
        "256, 64, 4",
        "256, 32, 8",
        "384, 48, 8",
        "400, 128, 7",
        "11008, 1408, 172"
    })
    void everyGroupOfRowsBeginsWithATile(int outputs, int rowsPerGroup, int rowTiles) {
        PlaneLayout layout = new PlaneLayout(outputs, 64, 2, rowsPerGroup);
        assertThat(layout.rowTiles()).isEqualTo(rowTiles);
        int row = 0;
        for (int tile = 0; tile < rowTiles; tile++) {
            assertThat(layout.firstRow(tile)).isEqualTo(row);
            assertThat(layout.rows(tile)).isBetween(1, PlaneLayout.TILE_ROWS);
            long first = layout.byteOffset(row, 0, 0);
            assertThat(first).isEqualTo(tile * layout.rowTileBytes());
            row += layout.rows(tile);
            assertThat(layout.byteOffset(row - 1, 0, 0)).isEqualTo(first + layout.rows(tile) - 1);
        }
        assertThat(row).isEqualTo(outputs);
    }
}
