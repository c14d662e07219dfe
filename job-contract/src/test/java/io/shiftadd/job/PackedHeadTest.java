package io.shiftadd.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PackedHeadTest {

    private static final Size TWO_BITS = new Size.Bits(2);

    /** @param vocabulary of a model of 8 layers of 512 columns, whose head is its embedding */
    private static ModelDimensions model(int vocabulary) {
        ModelDimensions blocks = new ModelDimensions("llama", 8, 512, 2048, 8, 8, 64, vocabulary, 1024, 0, 0);
        long parameters = blocks.linearWeights() + 512L * vocabulary;
        return new ModelDimensions(
                "llama", 8, 512, 2048, 8, 8, 64, vocabulary, 1024, parameters, Short.BYTES * parameters);
    }

    @Test
    void aHeadOfMoreThanAFifthOfTheResultIsPacked() {
        // 8.4 MB of layers at 2 bits, so the border is at 2.1 MB of head.
        assertThat(PackedHead.bits(null, model(2_000), Method.ACC, TWO_BITS)).isNull();
        assertThat(PackedHead.bits(null, model(2_100), Method.ACC, TWO_BITS)).isEqualTo(6);
        assertThat(PackedHead.bits(null, model(2_100), Method.LAT, new Size.MeanBits(2)))
                .isEqualTo(6);
    }

    @Test
    void whatCountsIsTheResultNotTheOriginal() {
        assertThat(PackedHead.bits(null, model(3_000), Method.ACC, TWO_BITS)).isEqualTo(6);
        assertThat(PackedHead.bits(null, model(3_000), Method.ACC, new Size.Bits(4)))
                .isNull();
        assertThat(PackedHead.bits(null, model(3_000), Method.ACC, new Size.Bytes(4_000_000)))
                .isEqualTo(6);
        assertThat(PackedHead.bits(null, model(3_000), Method.ACC, new Size.PerplexityIncrease(0.1)))
                .isNull();
    }

    @Test
    void aRequestThatSaysSoDecides() {
        assertThat(PackedHead.bits(PackedHead.NONE, model(100_000), Method.ACC, TWO_BITS))
                .isNull();
        assertThat(PackedHead.bits(5, model(10), Method.RTN, TWO_BITS)).isEqualTo(5);
    }

    /** They are there to be compared with, as their authors have them. */
    @Test
    void baselinesKeepTheirHeads() {
        assertThat(PackedHead.bits(null, model(100_000), Method.RTN, TWO_BITS)).isNull();
        assertThat(PackedHead.bits(null, model(100_000), Method.OPTQ, TWO_BITS)).isNull();
    }
}
