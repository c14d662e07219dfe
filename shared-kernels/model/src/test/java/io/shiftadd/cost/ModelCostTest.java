package io.shiftadd.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.format.Checkpoint;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCostTest {

    private static final Path SAMPLES = Path.of("..", "..", "samples");

    @ParameterizedTest
    @ValueSource(strings = {"llama-mini", "opt-mini"})
    void accountsForEveryByteOfAnOriginal(String sample) {
        ModelCost cost = ModelCost.of(SAMPLES.resolve(sample));
        long bytes = 0;
        long parameters = 0;
        try (Checkpoint checkpoint = Checkpoint.open(SAMPLES.resolve(sample))) {
            for (String name : checkpoint.names()) {
                bytes += checkpoint.tensor(name).data().byteSize();
                parameters += checkpoint.tensor(name).elementCount();
            }
        }
        assertThat(cost.bytes().total()).isEqualTo(bytes);
        assertThat(cost.parameters()).isEqualTo(parameters);
        assertThat(cost.isPacked()).isFalse();
        assertThat(cost.meanBits()).isEqualTo(16);
        assertThat(cost.layers()).hasSize(6 * (sample.startsWith("llama") ? 7 : 6));
        assertThat(cost.bytes().denseLayers()).isEqualTo(2 * cost.layerWeights());
        assertThat(cost.bytes().embeddings()).isGreaterThanOrEqualTo(4096 * 192 * 2);
        assertThat(cost.head().outputs()).isEqualTo(4096);
        assertThat(cost.head().inputs()).isEqualTo(192);
        assertThat(cost.storedLayers().picojoules())
                .isEqualTo(cost.originalLayers().picojoules());
    }

    private static ModelCost ofImages(String layout) {
        return ModelCost.of(Path.of("src", "test", "resources", "image-references", layout));
    }

    /** Two blocks, 24 wide, 40 within; 9 patches and a token: counted by hand. */
    @Test
    void aModelOfImagesIsCountedForAnImageThatReadsTheWeightsOnce() {
        ModelCost cost = ofImages("vit");
        long weights = 2 * (4 * 24 * 24 + 2 * 24 * 40);
        assertThat(cost.isOfImages()).isTrue();
        assertThat(cost.originalLayers().of(Operation.FP16_MULTIPLY)).isEqualTo(10 * weights);
        assertThat(cost.originalLayers().of(Operation.DRAM_BYTE)).isEqualTo(2 * weights);
        assertThat(cost.head().original().of(Operation.FP16_MULTIPLY)).isEqualTo(24 * 5);
        assertThat(cost.attention().of(Operation.FP16_MULTIPLY)).isEqualTo(2 * 2 * 10 * 10 * 24);
        assertThat(ModelCost.of(SAMPLES.resolve("llama-mini")).attention().picojoules())
                .isZero();
    }

    /** Half of the tokens for each expert; codes of 8 bits in 3 heads, by tables of four. */
    @Test
    void shiftsAndCodesAreCountedWithTheirAdditions() {
        ModelCost cost = ofImages("vit-shiftadd");
        OperationCounts layers = cost.storedLayers();
        assertThat(layers.of(Operation.INT32_SHIFT)).isEqualTo(10 * 2 * 2 * 24 * 40 / 2);
        assertThat(layers.of(Operation.INT32_ADD)).isEqualTo(layers.of(Operation.INT32_SHIFT));
        assertThat(layers.of(Operation.FP16_MULTIPLY)).isEqualTo(10 * 2 * (4 * 24 * 24 + 24 * 40));
        double lookUps = 3 * 8 * 8 + 10 * 2 * 8;
        double elements = 10 * 8;
        assertThat(cost.attention().of(Operation.LOOK_UP)).isEqualTo(2 * 3 * 4 * lookUps);
        assertThat(cost.attention().of(Operation.FP16_MULTIPLY)).isEqualTo(2 * 3 * 17 * elements);
        assertThat(cost.attention().of(Operation.FP16_ADD))
                .isEqualTo(2 * 3 * (lookUps + (3 + 2) * 16 * 8 + 13 * elements));
    }

    @Test
    void arithmeticAloneHasPricesOfItsOwn() {
        OperationCounts counts = OperationCounts.NONE
                .with(Operation.FP16_MULTIPLY, 1)
                .with(Operation.FP16_ADD, 2)
                .with(Operation.INT32_ADD, 3)
                .with(Operation.INT32_SHIFT, 3)
                .with(Operation.LOOK_UP, 100)
                .with(Operation.DRAM_BYTE, 100);
        assertThat(counts.picojoules(PriceList.ARITHMETIC)).isCloseTo(3.7 + 5 * 0.9 + 3 * 0.13, within(1e-12));
    }
}
