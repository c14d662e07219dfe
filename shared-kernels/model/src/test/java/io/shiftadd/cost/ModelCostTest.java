package io.shiftadd.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.format.Checkpoint;
import java.nio.file.Path;
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
}
