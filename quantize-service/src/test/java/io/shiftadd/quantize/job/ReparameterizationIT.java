package io.shiftadd.quantize.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.quantize.artifact.Manifest;
import io.shiftadd.quantize.artifact.Sha256;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ReparameterizationIT {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    private static Path directory;

    private static Registry registry;
    private static Worker worker;

    @BeforeAll
    static void start() {
        registry = new Registry();
        worker = Worker.start(registry, directory.resolve("data"), Map.of());
    }

    @AfterAll
    static void stop() {
        worker.close();
        registry.close();
    }

    private static void awaitEnd(UUID job) {
        await().atMost(LIMIT)
                .until(() -> !registry.stateOf(job).equals("QUEUED")
                        && !registry.stateOf(job).equals("RUNNING"));
    }

    private static Map<String, Double> metrics(UUID job) {
        return registry.jdbc()
                .sql("select name, value from registry.job_metric where job_id = :job")
                .param("job", job)
                .query(rows -> {
                    Map<String, Double> metrics = new HashMap<>();
                    while (rows.next()) {
                        metrics.put(rows.getString(1), rows.getDouble(2));
                    }
                    return metrics;
                });
    }

    @ParameterizedTest
    @CsvSource({"llama-mini, acc, 3", "opt-mini, lat, 2"})
    void makesAModelThatIsServedPacked(String sample, String method, int bits) throws Exception {
        UUID model = registry.addModel(sample, Samples.directory(sample));
        UUID job = registry.job(model).settings(Samples.settings(method, bits)).post(sample + "-" + method);

        awaitEnd(job);

        assertThat(registry.column(job, "cause", String.class)).isNull();
        assertThat(registry.stateOf(job)).isEqualTo("SUCCEEDED");
        assertThat(registry.column(job, "progress", Double.class)).isEqualTo(1);
        assertThat(registry.column(job, "block_current", Integer.class)).isEqualTo(6);
        UUID result = registry.column(job, "result_model_id", UUID.class);
        Path artifact = Path.of(registry.modelColumn(result, "location", String.class));
        String digest = registry.modelColumn(result, "digest", String.class);
        assertThat(artifact).isEqualTo(directory.resolve("data/artifacts").resolve(digest));
        assertThat(Sha256.of(artifact.resolve(Manifest.FILE))).isEqualTo(digest);
        assertThat(Manifest.of(artifact)).isEqualTo(Manifest.read(artifact));
        try (CausalLanguageModel served = CausalLanguageModel.open(artifact)) {
            for (int block = 0; block < served.blockCount(); block++) {
                for (String layer : served.block(block).linearNames()) {
                    assertThat(served.block(block).linear(layer))
                            .isInstanceOfSatisfying(
                                    PackedLinear.class,
                                    packed -> assertThat(packed.bits()).isEqualTo(bits));
                }
            }
        }
        JsonNode config = Registry.JSON.readTree(Files.readAllBytes(artifact.resolve("config.json")));
        assertThat(config.path("quantization_config").path("quant_method").asString())
                .isEqualTo("shiftadd");
        await("the job's work is removed")
                .atMost(LIMIT)
                .until(() -> Files.notExists(directory.resolve("data/work").resolve(job.toString())));
    }

    @Test
    void writesDownWhatItMeasured() throws Exception {
        UUID model = registry.addModel("measured", Samples.directory("llama-mini"));
        UUID job = registry.job(model).settings(Samples.settings("acc", 2)).post("measured-acc");

        awaitEnd(job);

        assertThat(registry.column(job, "cause", String.class)).isNull();
        Map<String, Double> metrics = metrics(job);
        assertThat(metrics)
                .containsKeys(
                        "perplexity_original",
                        "perplexity_reparameterized",
                        "size_bytes_original",
                        "size_bytes_reparameterized",
                        "peak_memory_bytes",
                        "seconds_total");
        assertThat(metrics.get("perplexity_reparameterized")).isGreaterThan(metrics.get("perplexity_original"));
        assertThat(metrics.get("mean_bits")).isEqualTo(2);
        assertThat(metrics.get("layer_bytes_packed")).isLessThan(0.25 * metrics.get("layer_bytes_fp16"));
        assertThat(metrics.get("energy_picojoules_per_token_reparameterized"))
                .isLessThan(metrics.get("energy_picojoules_per_token_original"));
        assertThat(registry.jdbc()
                        .sql(
                                "select count(*) from registry.job_layer where job_id = :job and output_error between 0 and 1")
                        .param("job", job)
                        .query(Integer.class)
                        .single())
                .isEqualTo(6 * 7);
        assertThat(registry.events(job, "stage"))
                .extracting(data -> Registry.JSON.readTree(data).path("stage").asString())
                .containsExactly("validate", "calibrate", "reparameterize", "evaluate", "publish");
        assertThat(registry.events(job, "block")).hasSize(6);
        assertThat(registry.events(job, "layer")).hasSize(6 * 7);
    }

    @Test
    void spendsABudgetOfMeanBitsOnTheLayersThatNeedThem() throws Exception {
        UUID model = registry.addModel("tiny", TinyModel.write(directory.resolve("tiny")));
        Map<String, Object> settings = new HashMap<>(Samples.settings("lat", 0));
        settings.remove("bits");
        settings.put("meanBits", 2.5);
        UUID job = registry.job(model).settings(settings).post("tiny-budget");

        awaitEnd(job);

        assertThat(registry.column(job, "cause", String.class)).isNull();
        assertThat(metrics(job).get("mean_bits")).isBetween(2.3, 2.5);
        assertThat(metrics(job).get("kendall_tau")).isBetween(-1.0, 1.0);
        assertThat(registry.jdbc()
                        .sql("select distinct bits from registry.job_layer where job_id = :job order by bits")
                        .param("job", job)
                        .query(Integer.class)
                        .list())
                .hasSizeGreaterThan(1)
                .isSubsetOf(2, 3, 4);
        assertThat(registry.events(job, "allocation")).hasSize(1);
    }

    @Test
    void evaluatesAModelAsItIs() throws Exception {
        UUID model = registry.addModel("as-it-is", Samples.directory("opt-mini"));
        UUID job = registry.job(model)
                .kind("EVALUATE")
                .settings(Map.of("sequenceLength", 64, "evaluationWindows", 4))
                .post(null);

        awaitEnd(job);

        assertThat(registry.column(job, "cause", String.class)).isNull();
        assertThat(registry.stateOf(job)).isEqualTo("SUCCEEDED");
        assertThat(metrics(job).get("perplexity_original")).isBetween(1.0, 4096.0);
    }

    @Test
    void calibratesAndEvaluatesOnRegisteredTexts() throws Exception {
        Path text = directory.resolve("text.txt");
        Files.writeString(text, "The quick brown fox jumps over the lazy dog, and the dog does not mind. ".repeat(80));
        UUID id = registry.addText("text", text);
        UUID model = registry.addModel("with-text", Samples.directory("llama-mini"));
        UUID job = registry.job(model)
                .texts(id, id)
                .settings(Samples.settings("lat", 3))
                .post("with-text-lat");

        awaitEnd(job);

        assertThat(registry.column(job, "cause", String.class)).isNull();
        assertThat(registry.stateOf(job)).isEqualTo("SUCCEEDED");
    }

    @Test
    void saysHowItIs() throws Exception {
        assertThat(get("/actuator/health")).contains("\"status\":\"UP\"");
        assertThat(get("/actuator/health/readiness")).contains("UP");
        assertThat(get("/actuator/prometheus")).contains("shiftadd_jobs_queued").contains("shiftadd_kernel_info");
    }

    private static String get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + worker.port() + path);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
        }
    }
}
