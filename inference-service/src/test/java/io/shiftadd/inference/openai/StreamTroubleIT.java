package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.Service;
import io.shiftadd.inference.loading.ServedModels;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Streams that have to wait, and streams that cannot go on. */
class StreamTroubleIT {

    private final Service service = new Service(
            StreamIT.SmallBuffers.class,
            "shiftadd.inference.stream-capacity=20",
            "shiftadd.inference.max-sequences=1",
            "shiftadd.inference.keep-alive=300ms",
            "shiftadd.inference.max-step-tokens=64");

    @AfterEach
    void stop() {
        service.close();
    }

    private EventReader stream(int maxTokens) {
        return EventReader.post(service.port(), "/v1/completions", body(maxTokens, true));
    }

    private static Map<String, Object> body(int maxTokens, boolean stream) {
        return Map.of(
                "model",
                "opt-mini",
                "prompt",
                "Once",
                "max_tokens",
                maxTokens,
                "logprobs",
                5,
                "logit_bias",
                Map.of("2", -100),
                "stream",
                stream);
    }

    @Test
    void aStreamThatWaitsIsKeptAlive() {
        // Others come first, one after the other: there is one place.
        for (int i = 0; i < 5; i++) {
            Thread.ofVirtual().start(() -> service.post("/v1/completions", body(500, false)));
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> StreamIT.metric(service, "shiftadd_queue_prompts") >= 3);
        try (EventReader waiting = stream(3)) {
            assertThat(waiting.status()).isEqualTo(200);
            waiting.await(": keep-alive");
            waiting.await(": keep-alive");
            assertThat(waiting.await("data: ")).contains("\"text_completion\"");
            waiting.await("data: [DONE]");
        }
    }

    @Test
    void anErrorInMidStreamIsAnEventAndTheLastOne() {
        try (EventReader stream = stream(500)) {
            assertThat(stream.status()).isEqualTo(200);
            stream.await("data: ");
            service.bean(ServedModels.class).close();
            stream.await("event: error");
            JsonNode error = JsonMapper.shared()
                    .readTree(stream.await("data: ").substring("data: ".length()))
                    .path("error");
            assertThat(error.propertyNames()).containsExactlyInAnyOrder("message", "type", "param", "code");
            assertThat(error.path("code").stringValue()).isEqualTo("engine_stopped");
            assertThat(error.path("message").stringValue()).contains("opt-mini");
        }
    }
}
