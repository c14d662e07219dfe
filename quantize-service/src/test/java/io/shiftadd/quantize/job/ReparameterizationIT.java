package io.shiftadd.quantize.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.DType;
import io.shiftadd.format.TensorView;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.kernel.RowwiseLinear;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.quantize.artifact.Manifest;
import io.shiftadd.quantize.artifact.Sha256;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ReparameterizationIT extends JobsOfOneWorker {

    @ParameterizedTest
    @CsvSource({"llama-mini, acc, 3", "opt-mini, lat, 2"})
    void makesAModelThatIsServedPacked(String sample, String method, int bits) throws Exception {
        UUID model = registry.addModel(sample, Samples.directory(sample));
        UUID job = registry.job(model).settings(Samples.settings(method, bits)).post(sample + "-" + method);

        registry.awaitEnd(job, LIMIT);

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

        registry.awaitEnd(job, LIMIT);

        assertThat(registry.column(job, "cause", String.class)).isNull();
        Map<String, Double> metrics = metrics(job);
        assertThat(metrics)
                .containsKeys(
                        "perplexity_original",
                        "perplexity_reparameterized",
                        "kl_divergence",
                        "top1_agreement",
                        "size_bytes_original",
                        "size_bytes_reparameterized",
                        "peak_memory_bytes",
                        "seconds_total");
        assertThat(metrics.get("perplexity_reparameterized")).isGreaterThan(metrics.get("perplexity_original"));
        assertThat(metrics.get("kl_divergence")).isBetween(0.01, 2.0);
        assertThat(metrics.get("top1_agreement")).isBetween(0.3, 0.99);
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
        Path artifact = Path.of(registry.resultColumn(job, "location", String.class));
        assertThat(Files.readString(artifact.resolve("README.md")))
                .contains("base_model: \"measured\"\nbase_model_relation: quantized")
                .contains("| perplexity | %.2f | %.2f |"
                        .formatted(metrics.get("perplexity_original"), metrics.get("perplexity_reparameterized")));
        assertThat(Manifest.read(artifact).files())
                .extracting(Manifest.Entry::path)
                .contains("README.md");
        assertThat(registry.events(job, "block")).hasSize(6);
        assertThat(registry.events(job, "layer")).hasSize(6 * 7);
    }

    @ParameterizedTest
    @CsvSource({"rtn, 3", "optq, 3", "lut-gemm, 2"})
    void publishesBaselinesThatAreServedTheSameWay(String method, int bits) throws Exception {
        UUID model = registry.addModel(method, TinyModel.write(directory.resolve(method)));
        Map<String, Object> settings = small();
        settings.putAll(Map.of("method", method, "bits", bits));
        UUID job = registry.job(model).settings(settings).post("tiny-" + method);

        registry.awaitEnd(job, LIMIT);

        assertThat(registry.column(job, "cause", String.class)).isNull();
        UUID result = registry.column(job, "result_model_id", UUID.class);
        assertThat(registry.modelColumn(result, "method", String.class)).isEqualTo(method);
        Path artifact = Path.of(registry.modelColumn(result, "location", String.class));
        try (CausalLanguageModel served = CausalLanguageModel.open(artifact)) {
            for (String layer : served.block(0).linearNames()) {
                assertThat(served.block(0).linear(layer))
                        .isInstanceOfSatisfying(
                                RowwiseLinear.class,
                                packed -> assertThat(packed.bits()).isEqualTo(bits));
            }
        }
        assertThat(metrics(job).get("mean_bits")).isEqualTo(bits);
        assertThat(metrics(job).get("bits_per_weight")).isBetween(1.0 * bits, bits + 2.0);
        assertThat(metrics(job).get("perplexity_reparameterized")).isPositive();
    }

    @Test
    void packsTheHeadToo() throws Exception {
        UUID model = registry.addModel("head", Samples.directory("opt-mini"));
        Map<String, Object> settings = small();
        settings.putAll(Map.of("method", "acc", "bits", 3, "headBits", 6));
        UUID job = registry.job(model).settings(settings).post("mini-head");

        registry.awaitEnd(job, LIMIT);

        assertThat(registry.column(job, "cause", String.class)).isNull();
        try (CausalLanguageModel served =
                CausalLanguageModel.open(Path.of(registry.resultColumn(job, "location", String.class)))) {
            assertThat(served.head())
                    .isInstanceOfSatisfying(
                            PackedLinear.class,
                            packed -> assertThat(packed.bits()).isEqualTo(6));
        }
        assertThat(registry.jdbc()
                        .sql("select output_error from registry.job_layer where job_id = :job and layer = 'lm_head'")
                        .param("job", job)
                        .query(Double.class)
                        .single())
                .isLessThan(0.01);
        assertThat(metrics(job).get("mean_bits")).isEqualTo(3);
    }

    @Test
    void evaluatesAModelAsItIs() throws Exception {
        UUID model = registry.addModel("as-it-is", Samples.directory("opt-mini"));
        UUID job = registry.job(model)
                .kind("EVALUATE")
                .settings(Map.of("sequenceLength", 64, "evaluationWindows", 4))
                .post(null);

        registry.awaitEnd(job, LIMIT);

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

        registry.awaitEnd(job, LIMIT);

        assertThat(registry.column(job, "cause", String.class)).isNull();
        assertThat(registry.stateOf(job)).isEqualTo("SUCCEEDED");
    }

    /**
     * A column of zeros that shares its scales with others and meets large inputs: what it is rounded to is most of the
     * output.
     */
    @Test
    void saysWhichLayersPutOutMoreErrorThanTheyPutOut() throws Exception {
        Path files = TinyModel.write(directory.resolve("large-inputs"), 1);
        Path weights = files.resolve("model.safetensors");
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        try (Checkpoint original = Checkpoint.open(TinyModel.write(directory.resolve("usual-inputs"), 1))) {
            for (String name : original.names()) {
                TensorView tensor = original.tensor(name);
                float[] values = tensor.toFloatArray();
                if (name.endsWith("input_layernorm.weight")) {
                    values[5] = 30_000;
                } else if (name.endsWith("q_proj.weight")) {
                    int columns = (int) tensor.shape()[1];
                    for (int i = 5; i < values.length; i += columns) {
                        values[i] = 0;
                    }
                }
                writer.add(name, DType.F16, tensor.shape(), values);
            }
        }
        writer.write(weights);
        UUID job = registry.job(registry.addModel("large-inputs", files))
                .settings(Samples.settings("lat", 2))
                .post("large-inputs-lat");

        registry.awaitEnd(job, LIMIT);

        assertThat(registry.column(job, "cause", String.class)).isNull();
        assertThat(registry.events(job, "warning"))
                .anySatisfy(event ->
                        assertThat(event).contains("model.layers.0.self_attn.q_proj", "output error of", "more bits"))
                .noneSatisfy(event -> assertThat(event).contains("down_proj"));
        assertThat(registry.jdbc()
                        .sql("select output_error from registry.job_layer where job_id = :job and layer like '%q_proj'")
                        .param("job", job)
                        .query(Double.class)
                        .single())
                .isGreaterThan(1);
    }

    @Test
    void saysHowItIs() throws Exception {
        assertThat(get("/actuator/health")).contains("\"status\":\"UP\"");
        assertThat(get("/actuator/health/readiness")).contains("UP");
        assertThat(get("/actuator/prometheus")).contains("shiftadd_jobs_queued").contains("shiftadd_kernel{species=");
    }

    @Test
    void tellsNothingToAPageWhoseNameWasMadeToLeadHere() throws Exception {
        for (String path : List.of("/actuator", "/actuator/health", "/actuator/prometheus", "/error", "/nothing")) {
            assertThat(get(path, "Host", "evil.example"))
                    .contains("\"status\":403", "evil.example", "shiftadd.allowed-hosts");
            assertThat(get(path, "Origin", "https://evil.example")).contains("\"status\":403");
        }
        assertThat(get("/actuator/health", "Host", "localhost:1")).contains("UP");
    }

    private static String get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + worker.port() + path));
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            (headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofString())
                    .body();
        }
    }
}
