package io.shiftadd.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.DecoderBlock;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Costs are counted for the layers that the model runs, whatever a family calls them and however it stores them. */
class FamilyCostTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "opt-pre-norm",
                "bloom",
                "llama-defaults",
                "gemma3",
                "qwen3",
                "phi3",
                "gpt2",
                "gpt-neox",
                "smollm3",
                "granite",
                "olmo2",
                "qwen3-moe-mixed",
                "mixtral",
                "olmoe",
                "bitnet"
            })
    void countsTheLayersOfEveryFamily(String layout) throws URISyntaxException {
        URL url = Objects.requireNonNull(FamilyCostTest.class.getResource("/references/" + layout), layout);
        Path directory = Path.of(url.toURI());
        ModelCost cost = ModelCost.of(directory);
        Map<String, String> expected = new HashMap<>();
        try (CausalLanguageModel model = CausalLanguageModel.open(directory)) {
            for (int i = 0; i < model.blockCount(); i++) {
                DecoderBlock block = model.block(i);
                block.linearNames()
                        .forEach(name -> expected.put(
                                name,
                                block.linear(name).outputs() + " "
                                        + block.linear(name).inputs()));
            }
            assertThat(cost.head().weights())
                    .isEqualTo((long) model.head().outputs() * model.head().inputs());
        }
        Map<String, String> counted = new HashMap<>();
        cost.layers().forEach(layer -> counted.put(layer.name(), layer.outputs() + " " + layer.inputs()));
        assertThat(counted).isEqualTo(expected);
    }
}
