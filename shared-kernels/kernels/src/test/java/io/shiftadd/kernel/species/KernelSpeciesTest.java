package io.shiftadd.kernel.species;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KernelSpeciesTest {

    @ParameterizedTest
    @EnumSource(KernelSpecies.class)
    void isFoundByItsLabel(KernelSpecies species) {
        assertThat(KernelSpecies.named(species.label())).isEqualTo(species);
    }

    @Test
    void refusesANameThatThereIsNot() {
        assertThatThrownBy(() -> KernelSpecies.named("vector-1024"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("vector-1024")
                .hasMessageContaining("vector-256");
    }

    @Test
    void refusesVectorsThatTheMachineWouldEmulate() {
        assertThat(KernelSpecies.VECTOR_256.within(KernelSpecies.VECTOR_256)).isEqualTo(KernelSpecies.VECTOR_256);
        assertThat(KernelSpecies.VECTOR_128.within(KernelSpecies.VECTOR_512)).isEqualTo(KernelSpecies.VECTOR_128);
        assertThatThrownBy(() -> KernelSpecies.VECTOR_512.within(KernelSpecies.VECTOR_256))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("512")
                .hasMessageContaining("Use vector-256");
    }
}
