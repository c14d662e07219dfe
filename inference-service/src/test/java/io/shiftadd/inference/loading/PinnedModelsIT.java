package io.shiftadd.inference.loading;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.Samples;
import io.shiftadd.inference.Service;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What is pinned stays in memory, whatever else is asked for. */
class PinnedModelsIT {

    @Test
    void loadsPinnedModelsByItselfAndNeverUnloadsThem() {
        try (Service pinning = new Service(
                "shiftadd.inference.memory-bytes=10000000B",
                "shiftadd.inference.cache-bytes=64MB",
                "shiftadd.inference.pinned=opt-mini")) {
            ServedModels models = pinning.bean(ServedModels.class);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> models.loaded().stream()
                            .map(RegisteredModel::name)
                            .toList()
                            .equals(List.of("opt-mini")));
            Service.Answer other =
                    pinning.post("/v1/completions", Map.of("model", "llama-mini", "prompt", "Once", "max_tokens", 2));
            assertThat(other.status()).isEqualTo(503);
            assertThat(other.error().at("/message").stringValue()).contains("pinned");
        }
    }

    /** Models of one digest are in memory once, under the name that was asked for first. */
    @Test
    void neverUnloadsWhatIsPinnedUnderAnotherName() {
        try (Service pinning = new Service(
                "shiftadd.inference.memory-bytes=10000000B",
                "shiftadd.inference.cache-bytes=64MB",
                "shiftadd.inference.pinned=twin")) {
            ServedModels models = pinning.bean(ServedModels.class);
            models.acquire("llama-mini").close();
            pinning.registry.add("twin", Samples.model("llama-mini").toString(), 7_000_000);
            models.acquire("twin").close();
            Service.Answer other =
                    pinning.post("/v1/completions", Map.of("model", "opt-mini", "prompt", "Once", "max_tokens", 2));
            assertThat(other.status()).isEqualTo(503);
            assertThat(other.error().at("/message").stringValue()).contains("pinned");
            assertThat(pinning.post("/v1/models/llama-mini/unload", "").status())
                    .isEqualTo(409);
        }
    }
}
