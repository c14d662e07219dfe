package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.ScriptedModel;
import io.shiftadd.inference.Service;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights that are no numbers: nothing is chosen, scored or embedded with what comes of them. */
class NotFiniteIT {

    private static final String NORM = "model.decoder.final_layer_norm.weight";
    /** Position of the token whose hidden state becomes infinite, though all weights are finite. */
    private static final int OVERFLOW_AT = 14;

    private static final Map<String, ?> LONG_STRING = Map.of(
            "type",
            "json_schema",
            "json_schema",
            Map.of("name", "a", "schema", Map.of("type", "string", "minLength", 40)));
    private static final String LONG_TEXT = "a b c d e f g h i j k l m n o p q";
    private static final String MLP = "model.decoder.layers.0.fc2.bias";

    @TempDir
    static Path models;

    private static Service service;

    @BeforeAll
    static void start() {
        service = new Service();
        add("nan-norm", NORM, Float.NaN);
        add("inf-norm", NORM, Float.POSITIVE_INFINITY);
        add("nan-mlp", MLP, Float.NaN);
        add("inf-mlp", MLP, Float.NEGATIVE_INFINITY);
        add("nan-row", "lm_head.weight", Float.NaN);
        Path overflow = ScriptedModel.like("llama-mini")
                .float32()
                .value("model.decoder.final_layer_norm.weight", OVERFLOW_AT, Float.MAX_VALUE)
                .write(models.resolve("overflow"), 400, 401, 402);
        service.registry.add("overflow", overflow.toString(), 8_000_000);
    }

    private static void add(String name, String tensor, float value) {
        Path directory =
                ScriptedModel.like("llama-mini").value(tensor, 7, value).write(models.resolve(name), 400, 401);
        service.registry.add(name, directory.toString(), 4_000_000);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** It is found when the model is loaded, before anything is computed with it. */
    private static void assertFails(String path, String model, Map<String, ?> more) {
        Map<String, Object> body = new HashMap<>(more);
        body.put("model", model);
        for (boolean streamed : List.of(false, true)) {
            if (streamed && path.equals("/v1/embeddings")) {
                return;
            }
            body.put("stream", streamed);
            if (path.equals("/v1/embeddings")) {
                body.remove("stream");
            }
            Service.Answer answer = service.post(path, body);
            assertThat(answer.status()).as(answer.body()).isEqualTo(503);
            assertThat(answer.error().path("code").stringValue()).isEqualTo("model_load_failed");
            assertThat(answer.error().path("message").stringValue())
                    .contains("'" + model + "'")
                    .contains("weights must be finite");
            assertThat(answer.header("retry-after")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nan-norm", "inf-norm", "nan-mlp", "inf-mlp", "nan-row"})
    void generatingIsRefusedByTheTensorThatIsNoNumber(String model) {
        assertFails("/v1/completions", model, Map.of("prompt", "a b", "temperature", 0));
        assertFails("/v1/completions", model, Map.of("prompt", "a b", "temperature", 1, "n", 3));
        assertFails("/v1/completions", model, Map.of("prompt", "a b", "logprobs", 5));
        assertFails("/v1/completions", model, Map.of("prompt", "a b", "logprobs", 1, "echo", true, "max_tokens", 0));
        List<Map<String, String>> messages = List.of(Map.of("role", "user", "content", "x"));
        assertFails("/v1/chat/completions", model, Map.of("messages", messages, "logprobs", true, "top_logprobs", 3));
        assertFails(
                "/v1/chat/completions",
                model,
                Map.of("messages", messages, "response_format", Map.of("type", "json_object"), "max_tokens", 60));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nan-norm", "inf-norm", "nan-mlp", "inf-mlp"})
    void embeddingIsRefusedByTheTensorThatIsNoNumber(String model) {
        assertFails("/v1/embeddings", model, Map.of("input", "a b"));
        assertFails("/v1/embeddings", model, Map.of("input", "a b", "encoding_format", "base64"));
    }

    private static void assertOverflows(String path, Map<String, ?> more) {
        Map<String, Object> body = new HashMap<>(more);
        body.put("model", "overflow");
        Service.Answer whole = service.post(path, body);
        assertThat(whole.status()).as(whole.body()).isEqualTo(500);
        assertThat(whole.error().path("code").stringValue()).isEqualTo("model_output_not_finite");
        assertThat(whole.error().path("message").stringValue()).contains("'overflow'", "only finite numbers");
        if (!path.equals("/v1/embeddings")) {
            body.put("stream", true);
            Service.Answer streamed = service.post(path, body);
            assertThat(streamed.body()).contains("model_output_not_finite").doesNotContain("NaN\"", "[DONE]");
            if (streamed.status() == 200) {
                assertThat(streamed.body().lines().filter(line -> line.startsWith("event:")))
                        .containsExactly("event: error");
            }
        }
    }

    @Test
    void whatIsComputedAsNoNumberIsAnErrorAndNeverText() {
        assertOverflows("/v1/completions", Map.of("prompt", "a b", "temperature", 0, "max_tokens", 40));
        assertOverflows("/v1/completions", Map.of("prompt", "a b", "temperature", 1, "n", 3, "max_tokens", 40));
        assertOverflows("/v1/completions", Map.of("prompt", "a b", "max_tokens", 40, "logprobs", 5));
        assertOverflows("/v1/completions", Map.of("prompt", LONG_TEXT, "max_tokens", 0, "logprobs", 1, "echo", true));
        List<Map<String, String>> messages = List.of(Map.of("role", "user", "content", "x"));
        assertOverflows("/v1/chat/completions", Map.of("messages", messages, "logprobs", true, "max_tokens", 40));
        assertOverflows(
                "/v1/chat/completions", Map.of("messages", messages, "response_format", LONG_STRING, "max_tokens", 60));
        assertOverflows("/v1/embeddings", Map.of("input", LONG_TEXT));
        assertOverflows("/v1/embeddings", Map.of("input", List.of("a", LONG_TEXT), "encoding_format", "base64"));
    }

    @Test
    void aStreamKeepsWhatCameBeforeIt() {
        String body = service.post(
                        "/v1/completions",
                        Map.of(
                                "model",
                                "overflow",
                                "prompt",
                                "a b",
                                "temperature",
                                0,
                                "max_tokens",
                                40,
                                "stream",
                                true))
                .body();
        assertThat(body.lines().filter(line -> line.startsWith("data: {\"id\"")))
                .hasSizeGreaterThan(5);
        assertThat(body.stripTrailing().lines().toList().getLast()).contains("model_output_not_finite");
    }

    @Test
    void anotherRequestOfTheModelGoesOnBesideIt() {
        Map<String, Object> shorter =
                Map.of("model", "overflow", "prompt", "a", "temperature", 0, "max_tokens", 5, "logprobs", 1);
        String alone =
                service.post("/v1/completions", shorter).json().at("/choices").toString();
        for (int i = 0; i < 3; i++) {
            Thread overflowing = Thread.ofVirtual()
                    .start(() -> service.post(
                            "/v1/completions", Map.of("model", "overflow", "prompt", "a b", "max_tokens", 40)));
            assertThat(service.post("/v1/completions", shorter)
                            .json()
                            .at("/choices")
                            .toString())
                    .isEqualTo(alone);
            join(overflowing);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void othersAreAnsweredBesideIt() {
        Map<String, Object> good = Map.of("model", "llama-mini", "prompt", "Once", "max_tokens", 8, "temperature", 0);
        String before = service.post("/v1/completions", good)
                .json()
                .at("/choices/0/text")
                .stringValue();
        assertFails("/v1/completions", "nan-mlp", Map.of("prompt", "a"));
        assertThat(service.post("/v1/completions", good)
                        .json()
                        .at("/choices/0/text")
                        .stringValue())
                .isEqualTo(before);
    }
}
