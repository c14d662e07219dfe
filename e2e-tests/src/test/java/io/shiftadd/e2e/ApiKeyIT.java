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

    private static final Duration FORGOTTEN = Duration.ofSeconds(60);

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

    /** The inference-service asks the registry for a key again after half a minute. */
    @Test
    void aRevokedKeyIsShutOut() {
        JsonNode made = make("{\"name\": \"e2e-revoked\", \"scopes\": [\"inference\"]}");
        OpenAIClient client = client(made.path("key").asString());
        complete(client);
        assertThat(registry.delete("/api/v1/api-keys/"
                                + made.path("apiKey").path("id").asString())
                        .status())
                .isEqualTo(204);
        Awaitility.await()
                .atMost(FORGOTTEN)
                .pollInterval(Duration.ofSeconds(2))
                .untilAsserted(() ->
                        assertThatThrownBy(() -> client.models().list()).isInstanceOf(UnauthorizedException.class));
    }
}
