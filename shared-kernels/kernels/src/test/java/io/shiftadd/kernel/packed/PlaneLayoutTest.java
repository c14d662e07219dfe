package io.shiftadd.kernel.packed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaneLayoutTest {

    @ParameterizedTest
    @CsvSource({
        "256, 256, 64",
        "192, 192, 64",
        "200, 200, 16",
        "64, 80, 64",
        "2048, 256, 64",
        "3584, 448, 64",
        "5632, 704, 64",
        "4096, 512, 64",
        "256, 32, 16",
        "1536, 192, 16",
        "2560, 320, 16",
        "3072, 384, 16",
        "11008, 1376, 16"
    })
    void hasTallTilesWhereOneTokenGoesThroughThemInFours(int outputs, int rowsPerGroup, int tileRows) {
        assertThat(PlaneLayout.of(outputs, 64, 2, rowsPerGroup).tileRows()).isEqualTo(tileRows);
    }
}
