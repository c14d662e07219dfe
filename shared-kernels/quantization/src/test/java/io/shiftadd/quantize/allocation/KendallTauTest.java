package io.shiftadd.quantize.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class KendallTauTest {

    @Test
    void isOneForTheSameOrderAndMinusOneForTheOpposite() {
        double[] a = {1, 2, 3, 4};
        assertThat(KendallTau.of(a, new double[] {10, 20, 30, 1000})).isEqualTo(1);
        assertThat(KendallTau.of(a, new double[] {4, 3, 2, 1})).isEqualTo(-1);
    }

    @Test
    void countsPairsThatAgreeLessThoseThatDoNot() {
        // Of six pairs one is the other way round.
        assertThat(KendallTau.of(new double[] {1, 2, 3, 4}, new double[] {1, 2, 4, 3}))
                .isCloseTo(4.0 / 6, within(1e-12));
    }

    @Test
    void tiesCountForNeither() {
        // Textbook example of τ-b: (2 − 0) / √(2·3).
        assertThat(KendallTau.of(new double[] {1, 1, 2}, new double[] {1, 2, 3}))
                .isCloseTo(2 / Math.sqrt(6), within(1e-12));
    }
}
