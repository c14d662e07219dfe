package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.Service;
import io.shiftadd.inference.loading.ServedModels;
import java.util.Map;
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
        return EventReader.post(
                service.port(),
                "/v1/completions",
                Map.of(
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
                        true));
    }

    @Test
    void aStreamThatWaitsIsKeptAlive() {
        // It reads nothing, so that its only place stays taken.
        EventReader stalled = stream(500);
        assertThat(stalled.status()).isEqualTo(200);
        stalled.await("data: ");
        try (EventReader waiting = stream(3)) {
            assertThat(waiting.status()).isEqualTo(200);
            waiting.await(": keep-alive");
            waiting.await(": keep-alive");
            stalled.close();
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
