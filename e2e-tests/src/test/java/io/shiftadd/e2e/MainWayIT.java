package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import io.shiftadd.cli.stack.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Import, job, measurements, completion: what the platform is for. */
class MainWayIT {

    /** It is a large part of so small a model, and packed by itself. */
    private static final int HEAD = 1;

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
        assertThat(layers).hasSize(6 * 7 + HEAD).allSatisfy(layer -> {
            boolean head = layer.path("layer").asString().equals("lm_head");
            assertThat(layer.path("bits").asInt()).isEqualTo(head ? 6 : 2);
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

    /** Pages, the terminal and the card say what the API does, in the same words. */
    @Test
    void everyPlaceShowsTheSameFigures() {
        Http http = registry.http();
        JsonNode metrics = registry.metrics(job);
        String jobPage = http.get("/jobs/" + job, "Accept", "text/html").text();
        String modelPage = http.get("/models/" + RESULT, "Accept", "text/html").text();
        String card = http.get("/models/" + RESULT + "/files/README.md").text();
        Platform platform = Platform.get();
        Program.Ended show = new Program(Map.of(
                        "SHIFTADD_REGISTRY_URL", platform.url(Service.REGISTRY),
                        "SHIFTADD_INFERENCE_URL", platform.url(Service.INFERENCE)))
                .run("show", RESULT);
        Map<String, String> titles = Map.of(
                "perplexity_reparameterized", "Perplexity of the result",
                "layer_bytes_packed", "Its linear layers, packed",
                "bits_per_weight", "Bits of a weight with its scales",
                "energy_picojoules_per_token_reparameterized", "Energy of a token of the result, estimated",
                "size_bytes_reparameterized", "Size of the result");
        titles.forEach((metric, title) -> {
            String said = measured(jobPage, title);
            assertThat(value(said)).as(said).isCloseTo(metrics.path(metric).asDouble(), withinPercentage(0.5));
            assertThat(modelPage).as("the model's page").contains(said);
            assertThat(show.out()).as(show.err()).contains(said);
            if (!metric.startsWith("size")) {
                assertThat(card).contains(said);
            }
        });
    }

    @Test
    void barsAndEventsTellTheSameSecondsOfABlock() {
        String page = registry.http().get("/jobs/" + job, "Accept", "text/html").text();
        JsonNode blocks = registry.found("/api/v1/jobs/" + job + "/blocks");
        assertThat(blocks).hasSize(6).allSatisfy(block -> {
            int number = block.path("block").asInt() + 1;
            Matcher bar = Pattern.compile(">block %d</span>.*?· ([^·<]+)</span>".formatted(number), Pattern.DOTALL)
                    .matcher(page);
            assertThat(bar.find()).isTrue();
            assertThat(value(bar.group(1))).isCloseTo(block.path("seconds").asDouble(), within(0.5));
            assertThat(page).containsPattern("block %d,[^<]*took %s".formatted(number, Pattern.quote(bar.group(1))));
        });
    }

    private static String measured(String page, String title) {
        Matcher found = Pattern.compile("<dt>" + Pattern.quote(title) + "</dt>\\s*<dd>([^<]+)</dd>")
                .matcher(page);
        assertThat(found.find()).as(title).isTrue();
        return found.group(1);
    }

    /** The number in a figure, in the unit that the API has. */
    private static double value(String said) {
        Map<String, Double> units = Map.of("kB", 1e3, "MB", 1e6, "pJ", 1.0, "nJ", 1e3, "µJ", 1e6, "mJ", 1e9, "s", 1.0);
        String[] words = said.split(" ");
        return Double.parseDouble(words[0]) * (words.length == 1 ? 1 : units.get(words[1]));
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
