package io.shiftadd.model.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class OpenBlasTest {

    /**
     * A pool of its own makes a product of small matrices several times slower, since every thread of ours waits for
     * it.
     */
    @Test
    void theLibraryThatIsCalledUsesOneThread() {
        float[] c = new float[1];
        OpenBlas.addProduct(
                1,
                1,
                2,
                MemorySegment.ofArray(new float[] {2, 3}),
                2,
                MemorySegment.ofArray(new float[] {5, 7}),
                2,
                MemorySegment.ofArray(c),
                1);

        assertThat(c).containsExactly(31);
        assertThat(OpenBlas.threads()).isEqualTo(1);
    }
}
