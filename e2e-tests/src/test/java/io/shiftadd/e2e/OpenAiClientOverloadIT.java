package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.RateLimitException;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import io.shiftadd.cli.stack.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What OpenAI's own client does when the service has too much to do: it waits as long as it is told, and asks again.
 */
class OpenAiClientOverloadIT {

    private static final String MODEL = "opt-mini";
    private static final int MOST_FLOODS = 20;

    private static Http inference;

    @BeforeAll
    static void connect() {
        new Registry(Platform.get()).importSample(MODEL);
        inference = new Http(Platform.get().url(Service.INFERENCE));
    }

    private static OpenAIClient client(int retries) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(Platform.get().url(Service.INFERENCE) + "/v1")
                .apiKey("none-needed-on-loopback")
                .maxRetries(retries)
                .build();
    }

    private static CompletionCreateParams small() {
        return CompletionCreateParams.builder()
                .model(MODEL)
                .prompt("Once")
                .maxTokens(2L)
                .build();
    }

    /** Many prompts that take long. */
    private static CompletionCreateParams flood() {
        return CompletionCreateParams.builder()
                .model(MODEL)
                .promptOfArrayOfStrings(Collections.nCopies(200, "It was a dark night"))
                .maxTokens(480L)
                .build();
    }

    @Test
    @SuppressWarnings("MustBeClosedChecker") // They are closed together, at the end.
    void asksAgainWhenItIsTurnedAway() {
        OpenAIClient impatient = client(0);
        List<StreamResponse<Completion>> floods = new ArrayList<>();
        try {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < MOST_FLOODS; i++) {
                            floods.add(impatient.completions().createStreaming(flood()));
                        }
                    })
                    .isInstanceOfSatisfying(RateLimitException.class, refused -> {
                        assertThat(refused.code()).contains("queue_full");
                        assertThat(refused.headers().values("Retry-After"))
                                .singleElement()
                                .satisfies(seconds ->
                                        assertThat(Integer.parseInt(seconds)).isBetween(1, 60));
                    });
            double turnedAway = turnedAway();
            CompletableFuture<Completion> patient = CompletableFuture.supplyAsync(
                    () -> client(10).completions().create(small()), Thread::startVirtualThread);
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> turnedAway() > turnedAway);
            floods.forEach(StreamResponse::close);
            assertThat(patient.join().choices()).hasSize(1);
        } finally {
            floods.forEach(StreamResponse::close);
        }
    }

    /** Requests that were answered with 429 so far. */
    private static double turnedAway() {
        return inference
                .get("/actuator/prometheus")
                .text()
                .lines()
                .filter(line ->
                        line.startsWith("http_server_requests_seconds_count{") && line.contains("status=\"429\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
