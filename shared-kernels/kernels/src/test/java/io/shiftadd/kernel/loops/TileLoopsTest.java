package io.shiftadd.kernel.loops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.kernel.species.KernelSpecies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_PROPERTIES)
class TileLoopsTest {

    @Test
    void aRowTileIsTakenWholeWhereItIsAVectorElseInQuarters() {
        assertThat(TileLoops.of(KernelSpecies.VECTOR_512)).isEqualTo(TileLoops.WHOLE);
        assertThat(TileLoops.of(KernelSpecies.VECTOR_256)).isEqualTo(TileLoops.QUARTERS);
        assertThat(TileLoops.of(KernelSpecies.VECTOR_128)).isEqualTo(TileLoops.QUARTERS);
    }

    @Test
    void aPropertyChoosesOtherwiseAmongThoseThatThereAre() {
        try {
            System.setProperty(TileLoops.PROPERTY, "quarters");
            assertThat(TileLoops.of(KernelSpecies.VECTOR_512)).isEqualTo(TileLoops.QUARTERS);
            System.setProperty(TileLoops.PROPERTY, "whole");
            assertThatThrownBy(() -> TileLoops.of(KernelSpecies.VECTOR_256))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("vector-256")
                    .hasMessageContaining("quarters");
        } finally {
            System.clearProperty(TileLoops.PROPERTY);
        }
    }
}
