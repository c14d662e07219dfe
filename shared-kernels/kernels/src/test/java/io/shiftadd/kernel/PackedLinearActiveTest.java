package io.shiftadd.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.kernel.species.KernelSpecies;
import io.shiftadd.kernel.species.PreferredVector;
import org.junit.jupiter.api.Test;

/** The contract for the species of the process: the machine's own, or the one that the build asks for. */
class PackedLinearActiveTest extends PackedLinearContract {

    PackedLinearActiveTest() {
        super(KernelSpecies.active());
    }

    @Test
    void theSpeciesAskedForIsTheOneInUse() {
        String asked = System.getProperty(KernelSpecies.PROPERTY);
        if (asked != null) {
            assertThat(KernelSpecies.active().label()).isEqualTo(asked);
            assertThat(Kernel.active().species().label()).isEqualTo(asked);
        }
        assertThat(PreferredVector.bits())
                .isGreaterThanOrEqualTo(KernelSpecies.active().vectorBits());
    }

    /** Where a build asks for a length and takes longer ones from the compiler, as x86 can, it has to have done so. */
    @Test
    void noLongerVectorsAreInUseThanTheBuildAllows() {
        Integer most = Integer.getInteger("tests.vector.bits");
        if (most != null && System.getProperty("os.arch").equals("amd64")) {
            assertThat(PreferredVector.bits()).isLessThanOrEqualTo(most);
        }
    }
}
