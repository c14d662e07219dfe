package io.shiftadd.quantize.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.model.CausalLanguageModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Jobs that tune what they have fitted: a few steps of short sequences. */
class TuneIT {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Map<String, Object> ALWAYS = Map.of("shiftadd.jobs.tune-checkpoint", "0s");

    @TempDir
    private static Path directory;

    private static Registry registry;
    private static UUID mini;
    private static UUID tiny;

    @BeforeAll
    static void start() throws Exception {
        registry = new Registry();
        mini = registry.addModel("mini", Samples.directory("llama-mini"));
        tiny = registry.addModel("tiny", TinyModel.write(directory.resolve("tiny")));
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static Path data() {
        return directory.resolve("data");
    }

    private static Map<String, Object> settings(Map<String, ?> tune) {
        Map<String, Object> settings = new HashMap<>(Samples.settings("lat", 2));
        settings.put("sequenceLength", 32);
        settings.put("tune", tune);
        return settings;
    }

    private static List<JsonNode> curve(UUID job) {
        return registry.events(job, "tune").stream()
                .map(Registry.JSON::readTree)
                .toList();
    }

    private static double metric(UUID job, String name) {
        return registry.jdbc()
                .sql("select value from registry.job_metric where job_id = :job and name = :name")
                .param("job", job)
                .param("name", name)
                .query(Double.class)
                .single();
    }

    private static Path artifact(UUID job) {
        return Path.of(registry.resultColumn(job, "location", String.class));
    }

    @Test
    void bringsTheResultNearerToItsOriginalAtTheSameBytes() throws Exception {
        UUID plain = registry.job(mini).settings(Samples.settings("lat", 2)).post("mini-plain");
        Map<String, Object> settings = new HashMap<>(Samples.settings("lat", 2));
        settings.put("tune", Map.of("steps", 24));
        UUID tuned = registry.job(mini).settings(settings).post("mini-tuned");
        try (Worker _ = Worker.start(registry, data(), Map.of())) {
            registry.awaitSuccess(plain, LIMIT);
            registry.awaitSuccess(tuned, LIMIT);
        }

        assertThat(metric(tuned, "kl_divergence")).isLessThan(0.98 * metric(plain, "kl_divergence"));
        assertThat(metric(tuned, "layer_bytes_packed")).isEqualTo(metric(plain, "layer_bytes_packed"));
        assertThat(metric(tuned, "tune_loss_last")).isLessThan(metric(tuned, "tune_loss_first"));
        assertThat(curve(tuned)).hasSize(24);
        assertThat(curve(tuned).getLast().path("step").asInt()).isEqualTo(24);
        assertThat(curve(tuned).getLast().path("tokensPerSecond").asDouble()).isPositive();
        assertThat(registry.events(tuned, "stage"))
                .extracting(data -> Registry.JSON.readTree(data).path("stage").asString())
                .containsExactly("validate", "calibrate", "reparameterize", "tune", "evaluate", "publish");
        JsonNode config =
                Registry.JSON.readTree(Files.readAllBytes(artifact(tuned).resolve("config.json")));
        assertThat(config.at("/quantization_config/tune").toString())
                .isEqualTo("{\"steps\":24,\"sequences\":8,\"sequence_length\":64,\"text\":\"sampled\",\"seed\":1}");
        try (CausalLanguageModel served = CausalLanguageModel.open(artifact(tuned));
                Checkpoint before = Checkpoint.open(artifact(plain));
                Checkpoint after = Checkpoint.open(artifact(tuned))) {
            assertThat(served.block(0).linear(served.block(0).linearNames().getFirst()))
                    .isInstanceOf(PackedLinear.class);
            assertThat(after.names()).isEqualTo(before.names());
            assertThat(after.tensor("model.norm.weight").toFloatArray())
                    .isNotEqualTo(before.tensor("model.norm.weight").toFloatArray());
        }
    }

    @Test
    void goesOnFromItsLastStepsAfterAKillAndEndsInTheSameBytes() throws Exception {
        Map<String, Object> settings = settings(Map.of("steps", 40));
        UUID undisturbed = registry.job(tiny).settings(settings).post("undisturbed");
        try (Worker _ = Worker.start(registry, data(), Map.of("shiftadd.jobs.threads", 2))) {
            registry.awaitSuccess(undisturbed, LIMIT);
        }
        UUID job = registry.job(tiny).settings(settings).post("killed");
        Path log = directory.resolve("worker.log");
        try (WorkerProcess first = WorkerProcess.start(registry.access(), data(), ALWAYS, log)) {
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> curve(job).size() >= 3);
            first.kill();
        }
        int before = curve(job).getLast().path("step").asInt();
        try (Worker _ = Worker.start(registry, data(), ALWAYS)) {
            registry.awaitSuccess(job, LIMIT);
        }

        assertThat(before).isLessThan(40);
        assertThat(registry.resultColumn(job, "digest", String.class))
                .isEqualTo(registry.resultColumn(undisturbed, "digest", String.class));
        List<Integer> steps =
                curve(job).stream().map(point -> point.path("step").asInt()).toList();
        assertThat(steps.stream().filter(step -> step == 1)).hasSize(1);
        assertThat(steps.getLast()).isEqualTo(40);
    }

    @Test
    void isCancelledBetweenTwoSteps() throws Exception {
        UUID job = registry.job(tiny)
                .texts(text("for-long"), null)
                .settings(settings(Map.of("steps", 100_000, "text", "text")))
                .post("cancelled");
        try (Worker _ = Worker.start(registry, data(), Map.of())) {
            // Behind the fits and the text.
            await().atMost(LIMIT).until(() -> registry.column(job, "progress", Double.class) > 0.31);
            assertThat(registry.column(job, "stage", String.class)).isEqualTo("tune");
            registry.jdbc()
                    .sql("update registry.job set cancel_requested = true where id = :job")
                    .param("job", job)
                    .update();
            registry.awaitEnd(job, LIMIT);
        }
        assertThat(registry.stateOf(job)).isEqualTo("CANCELLED");
    }

    @Test
    void tunesOnTheJobsTextOrOnBoth() throws Exception {
        UUID text = text("text");
        UUID given = registry.job(tiny)
                .texts(text, null)
                .settings(settings(Map.of("steps", 2, "text", "text")))
                .post("tiny-text");
        UUID mixed = registry.job(tiny)
                .texts(text, null)
                .settings(settings(Map.of("tokens", 300, "text", "mix")))
                .post("tiny-mix");
        try (Worker _ = Worker.start(registry, data(), Map.of())) {
            registry.awaitSuccess(given, LIMIT);
            registry.awaitSuccess(mixed, LIMIT);
        }
        assertThat(metric(given, "tune_steps")).isEqualTo(2);
        assertThat(metric(mixed, "tune_tokens")).isEqualTo(512);
        assertThat(registry.resultColumn(given, "digest", String.class))
                .isNotEqualTo(registry.resultColumn(mixed, "digest", String.class));
    }

    private static UUID text(String name) throws Exception {
        Path file = directory.resolve(name);
        Files.writeString(file, "The quick brown fox jumps over the lazy dog, and the dog does not mind. ".repeat(80));
        return registry.addText(name, file);
    }
}
