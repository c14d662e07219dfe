package io.shiftadd.kernel.loops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.kernel.species.KernelSpecies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_PROPERTIES)
class TallLoopsTest {

    @Test
    void aRowTileIsTakenWholeWhereItIsAVectorElseInQuarters() {
        assertThat(TallLoops.of(KernelSpecies.VECTOR_512)).isEqualTo(TallLoops.WHOLE);
        assertThat(TallLoops.of(KernelSpecies.VECTOR_256)).isEqualTo(TallLoops.QUARTERS);
        assertThat(TallLoops.of(KernelSpecies.VECTOR_128)).isEqualTo(TallLoops.QUARTERS);
    }

    @Test
    void aPropertyChoosesOtherwiseAmongThoseThatThereAre() {
        try {
            System.setProperty(TallLoops.PROPERTY, "quarters");
            assertThat(TallLoops.of(KernelSpecies.VECTOR_512)).isEqualTo(TallLoops.QUARTERS);
            System.setProperty(TallLoops.PROPERTY, "whole");
            assertThatThrownBy(() -> TallLoops.of(KernelSpecies.VECTOR_256))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("vector-256")
                    .hasMessageContaining("quarters");
        } finally {
            System.clearProperty(TallLoops.PROPERTY);
        }
    }
}
