package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.completions.CompletionCreateParams;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Keys that the registry makes let clients into the inference-service, as far as each key goes. */
class ApiKeyIT {

    /** Longer than a connection to the registry was once suspected to stay usable. */
    private static final Duration PAUSE = Duration.ofSeconds(7);

    private static Http registry;
    private static GuardedInference inference;

    @BeforeAll
    static void start() {
        Registry platform = new Registry(Platform.get());
        platform.importSample("llama-mini");
        registry = platform.http();
        inference = GuardedInference.start();
    }

    @AfterAll
    static void stop() {
        if (inference != null) {
            inference.close();
        }
    }

    private static JsonNode make(String body) {
        Http.Answer answer = registry.post("/api/v1/api-keys", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json();
    }

    private static OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(inference.url() + "/v1")
                .apiKey(key)
                .maxRetries(0)
                .build();
    }

    private static void complete(OpenAIClient client) {
        client.completions()
                .create(CompletionCreateParams.builder()
                        .model("llama-mini")
                        .prompt("Once")
                        .maxTokens(2L)
                        .build());
    }

    @Test
    void aKeyOfTheRegistryLetsIn() {
        OpenAIClient client = client(make("{\"name\": \"e2e-laptop\", \"scopes\": [\"inference\"]}")
                .path("key")
                .asString());
        complete(client);
        assertThat(client.models().list().data()).isNotEmpty();
    }

    @Test
    void noOtherKeyDoes() {
        assertThatThrownBy(() -> complete(client("sk-made-up"))).isInstanceOf(UnauthorizedException.class);
    }

    @Test
    void aKeyWithALimitIsHeldToIt() {
        OpenAIClient client =
                client(make("{\"name\": \"e2e-slow\", \"scopes\": [\"inference\"], \"requestsPerMinute\": 2}")
                        .path("key")
                        .asString());
        complete(client);
        complete(client);
        assertThatThrownBy(() -> complete(client))
                .isInstanceOfSatisfying(
                        RateLimitException.class,
                        refused -> assertThat(refused.headers().values("Retry-After"))
                                .hasSize(1));
    }

    /** Each list of models is a question to the registry. */
    @Test
    void theRegistryIsReachedAtOnceAfterAPause() {
        OpenAIClient client = client(make("{\"name\": \"e2e-pause\", \"scopes\": [\"inference\"]}")
                .path("key")
                .asString());
        client.models().list();
        Awaitility.await().pollDelay(PAUSE).atMost(PAUSE.plusSeconds(20)).untilAsserted(() -> {
            long start = System.nanoTime();
            assertThat(client.models().list().data()).isNotEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1500));
        });
    }
}
