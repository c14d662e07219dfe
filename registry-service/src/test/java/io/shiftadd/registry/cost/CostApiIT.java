package io.shiftadd.registry.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.registry.Api.Answer;
import io.shiftadd.registry.RegistryIT;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class CostApiIT extends RegistryIT {

    @Test
    void tellsWhatAnOriginalTakes() {
        String name = "cost-" + UUID.randomUUID().toString().substring(0, 8);
        api().post(
                        "/api/v1/models",
                        "{\"name\": \"%s\", \"path\": \"%s\"}".formatted(name, SAMPLES.resolve("llama-mini")));
        Answer answer = api().get("/api/v1/models/" + name + "/cost");

        assertThat(answer.status()).isEqualTo(200);
        JsonNode cost = answer.json();
        assertThat(cost.get("packed").asBoolean()).isFalse();
        assertThat(cost.get("bitsPerLayerWeight").asDouble()).isEqualTo(16);
        long weights = cost.get("layerWeights").asLong();
        assertThat(cost.at("/layers/original/fp16Multiplications").asDouble()).isEqualTo(weights);
        assertThat(cost.at("/layers/stored")).isEqualTo(cost.at("/layers/original"));
        assertThat(cost.get("multiplicationsReplaced").asDouble()).isZero();
        assertThat(cost.at("/layers/original/picojoules").asDouble())
                .isCloseTo(weights * (1.5 + 2 * 162.5), within(1e-6 * weights));
        assertThat(cost.at("/bytes/total").asLong())
                .isLessThan(api().get("/api/v1/models/" + name)
                        .json()
                        .get("sizeBytes")
                        .asLong());
        assertThat(cost.get("prices").findValuesAsString("operation")).contains("FP16_MULTIPLY", "DRAM_BYTE");
    }

    @Test
    void saysWhenTheFilesAreGone() {
        String name = "gone-" + UUID.randomUUID().toString().substring(0, 8);
        insertModel(name);
        assertThat(api().get("/api/v1/models/" + name + "/cost").problem()).isEqualTo("unreadable-model");
        assertThat(api().get("/api/v1/models/nobody/cost").problem()).isEqualTo("not-found");
    }
}
