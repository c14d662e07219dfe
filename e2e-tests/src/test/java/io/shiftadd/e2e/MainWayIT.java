package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import io.shiftadd.cli.stack.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Import, job, measurements, completion: what the platform is for. */
class MainWayIT {

    private static final String ORIGINAL = "llama-mini";
    private static final String RESULT = "llama-mini-2bit";
    private static final String PROMPT = "Once upon a time, there was a little girl named Lily.";

    private static Registry registry;
    private static OpenAIClient openAi;
    private static String job;

    @BeforeAll
    static void reparameterize() {
        Platform platform = Platform.get();
        registry = new Registry(platform);
        openAi = OpenAIOkHttpClient.builder()
                .baseUrl(platform.url(Service.INFERENCE) + "/v1")
                .apiKey("none-needed-on-loopback")
                .build();
        registry.importSample(ORIGINAL);
        job = registry.submit("""
                {"model": "llama-mini", "method": "lat", "bits": 2, "name": "%s",
                 "samples": 16, "sequenceLength": 64, "evaluationWindows": 8, "rounds": 5}""".formatted(RESULT));
        registry.awaitSuccess(job);
    }

    @Test
    void theJobTellsWhatItDidToEachLayer() {
        JsonNode done = registry.job(job);
        assertThat(done.path("blockCurrent").asInt()).isEqualTo(6);
        assertThat(done.path("progress").asDouble()).isEqualTo(1.0);
        JsonNode layers = registry.layers(job);
        assertThat(layers).hasSize(6 * 7).allSatisfy(layer -> {
            assertThat(layer.path("bits").asInt()).isEqualTo(2);
            assertThat(layer.path("outputError").asDouble()).isBetween(0.0, 1.0);
        });
    }

    @Test
    void theResultIsSmallerAndNotMuchWorse() {
        JsonNode metrics = registry.metrics(job);
        double before = metrics.path("perplexity_original").asDouble();
        double after = metrics.path("perplexity_reparameterized").asDouble();
        assertThat(before).isGreaterThan(1);
        assertThat(after).isBetween(before * 0.9, before * 3);
        assertThat(metrics.path("layer_bytes_packed").asDouble())
                .isLessThanOrEqualTo(0.16 * metrics.path("layer_bytes_fp16").asDouble());
    }

    @Test
    void theResultKnowsWhereItComesFrom() {
        JsonNode model = registry.model(RESULT);
        assertThat(model.path("parentId").asString())
                .isEqualTo(registry.model(ORIGINAL).path("id").asString());
        assertThat(model.path("jobId").asString()).isEqualTo(job);
        assertThat(model.path("kind").asString()).isEqualToIgnoringCase("reparameterized");
    }

    @Test
    void bothModelsAreOffered() {
        assertThat(openAi.models().list().data())
                .extracting(com.openai.models.models.Model::id)
                .contains(ORIGINAL, RESULT);
    }

    @ParameterizedTest
    @ValueSource(strings = {ORIGINAL, RESULT})
    void completesAndStreamsTheSameText(String model) {
        Completion whole = openAi.completions().create(request(model));
        assertThat(whole.choices()).hasSize(1);
        String text = whole.choices().getFirst().text();
        assertThat(text).isNotBlank();
        assertThat(whole.usage().orElseThrow().completionTokens()).isBetween(1L, 24L);

        try (StreamResponse<Completion> stream = openAi.completions().createStreaming(request(model))) {
            String streamed = stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .map(choice -> choice.text())
                    .collect(Collectors.joining());
            assertThat(streamed).isEqualTo(text);
        }
    }

    @Test
    void bothAreMeasuredSideBySideOnATask() throws IOException {
        Path tasks = Platform.get().data().resolve("tasks");
        Files.createDirectories(tasks);
        Files.writeString(tasks.resolve("copa.jsonl"), """
                {"query": "It rained, therefore", "choices": ["the street was wet.", "the sun was a stone."], "gold": 0}
                {"query": "Lily was tired, so", "choices": ["she ate the moon.", "she went to bed."], "gold": 1}
                """);
        String evaluation = registry.submit("""
                {"kind": "evaluate", "model": "%s", "baseline": "%s", "tasks": ["copa"]}""".formatted(RESULT, ORIGINAL));
        registry.awaitSuccess(evaluation);

        JsonNode models = registry.found("/api/v1/jobs/" + evaluation + "/tasks");
        assertThat(models.findValuesAsString("modelName")).containsExactly(RESULT, ORIGINAL);
        assertThat(models).allSatisfy(model -> {
            JsonNode accuracy = model.path("scores").path(0);
            assertThat(accuracy.path("metric").asString()).isEqualTo("acc");
            assertThat(accuracy.path("value").asDouble()).isIn(0.0, 0.5, 1.0);
            assertThat(accuracy.path("examples").asInt()).isEqualTo(2);
        });
        assertThat(registry.found("/api/v1/models/" + RESULT + "/metrics").path("tasks"))
                .isNotEmpty();
    }

    @Test
    void theResultCostsLess() {
        JsonNode cost = registry.found("/api/v1/models/" + RESULT + "/cost");
        assertThat(cost.path("packed").asBoolean()).isTrue();
        assertThat(cost.path("parameters"))
                .isEqualTo(
                        registry.found("/api/v1/models/" + ORIGINAL + "/cost").path("parameters"));
        assertThat(cost.at("/layers/stored/picojoules").asDouble())
                .isLessThan(0.2 * cost.at("/layers/original/picojoules").asDouble())
                .as("the job's figure counts the head, too")
                .isLessThan(registry.metrics(job)
                        .path("energy_picojoules_per_token_reparameterized")
                        .asDouble());
        assertThat(cost.path("multiplicationsReplaced").asDouble())
                .isGreaterThan(0.98 * cost.path("layerWeights").asDouble());
    }

    @Test
    void aBaselineIsServedTheSameWay() {
        String baseline = registry.submit("""
                {"model": "llama-mini", "method": "optq", "bits": 3, "name": "llama-mini-baseline",
                 "samples": 8, "sequenceLength": 64, "evaluationWindows": 4}""");
        registry.awaitSuccess(baseline);
        Completion whole = openAi.completions().create(request("llama-mini-baseline"));
        assertThat(whole.choices().getFirst().text()).isNotBlank();
    }

    @Test
    void theModelsAreNotTheSame() {
        JsonNode original = registry.model(ORIGINAL);
        JsonNode result = registry.model(RESULT);
        assertThat(result.path("digest").asString())
                .isNotEqualTo(original.path("digest").asString());
        assertThat(result.path("sizeBytes").asLong())
                .isLessThan(original.path("sizeBytes").asLong());
    }

    private static CompletionCreateParams request(String model) {
        return CompletionCreateParams.builder()
                .model(model)
                .prompt(PROMPT)
                .maxTokens(24L)
                .temperature(0.0)
                .build();
    }
}
