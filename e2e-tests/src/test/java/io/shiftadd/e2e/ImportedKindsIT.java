package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.cli.stack.Service;
import io.shiftadd.registry.hub.HubServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/**
 * Every kind of repository, by its name: imported from a Hub's stand-in, cancelled half-way and gone on with, and then
 * asked. All have the weights of one sample, so all say the same.
 */
class ImportedKindsIT {

    private static final Path SAMPLE =
            Path.of("..", "samples", "llama-mini").toAbsolutePath().normalize();
    private static final String PROMPT =
            "{\"model\": \"%s\", \"prompt\": \"Once upon a time\", \"max_tokens\": 12, \"temperature\": 0}";

    @TempDir
    static Path repositories;

    private static Registry registry;
    private static Http inference;
    private static HubServer hub;
    private static String said;

    @BeforeAll
    static void serve() throws IOException, InterruptedException {
        registry = new Registry(Platform.get());
        inference = new Http(Platform.get().url(Service.INFERENCE));
        hub = Platform.get().hub();
        Path weights = SAMPLE.resolve("model.safetensors");
        repository("plain", Files.readAllBytes(weights));
        WeightFiles.shard(weights, repository("sharded", null));
        WeightFiles.pickle(weights, repository("pickled", null).resolve("pytorch_model.bin"));
        Path gguf = gguf();
        Files.copy(gguf, Files.createDirectory(repositories.resolve("gguf")).resolve("mini-F16.gguf"));
        Path split = Files.createDirectory(repositories.resolve("gguf-split"));
        WeightFiles.split(gguf, split, "mini-F16");
        for (String kind : List.of("plain", "sharded", "pickled", "gguf", "gguf-split")) {
            hub.serve("kinds/" + kind, repositories.resolve(kind), HubServer.Odd.NOTHING, hub);
        }
        registry.importSample("llama-mini");
        said = completion("llama-mini");
    }

    /** The sample without its weights, or with these. */
    private static Path repository(String kind, byte[] weights) throws IOException {
        Path directory = repositories.resolve(kind);
        FileSystemUtils.copyRecursively(SAMPLE, directory);
        Files.delete(directory.resolve("model.safetensors"));
        if (weights != null) {
            Files.write(directory.resolve("model.safetensors"), weights);
        }
        return directory;
    }

    private static Path gguf() throws IOException, InterruptedException {
        Path directory = Files.createDirectory(repositories.resolve("export"));
        List<String> command = new ArrayList<>(Program.line());
        command.addAll(1, List.of("--add-modules", "jdk.incubator.vector"));
        command.addAll(List.of("export", SAMPLE.toString(), "--to", directory.toString(), "--format", "gguf-f16"));
        Process process = new Program(Map.of())
                .builder(List.of())
                .command(command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        try (var files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".gguf"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String completion(String model) {
        Http.Answer answer = inference.post("/v1/completions", PROMPT.formatted(model));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().at("/choices/0/text").asString();
    }

    private static JsonNode state(String id) {
        return registry.found("/api/v1/imports/" + id);
    }

    private static JsonNode ended(String id) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> state(id), now -> !now.path("state").asString().equals("RUNNING"));
    }

    private static Http.Answer start(String name, String repository) {
        return registry.http()
                .post("/api/v1/models", "{\"name\": \"" + name + "\", \"repository\": \"" + repository + "\"}");
    }

    @ParameterizedTest
    @CsvSource({"plain, ''", "sharded, ''", "pickled, ''", "gguf, ''", "gguf-split, :F16"})
    void isImportedByNameCancelledGoneOnWithAndAnswers(String kind, String choice) {
        String name = "kind-" + kind + choice.replace(':', '-');
        hub.pause = 40;
        Http.Answer started = start(name, "kinds/" + kind + choice);
        assertThat(started.status()).as(started.text()).isEqualTo(202);
        String id = started.json().path("id").asString();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> state(id).path("bytesDone").asLong() > 300_000);
        Http.Answer cancelled = registry.http().post("/api/v1/imports/" + id + "/cancel", "");
        assertThat(cancelled.json().path("state").asString()).isEqualTo("CANCELLED");
        assertThat(registry.http().get("/api/v1/models/" + name).status()).isEqualTo(404);
        hub.pause = 0;
        hub.requests.clear();
        assertThat(registry.http().post("/api/v1/imports/" + id + "/resume", "").status())
                .isEqualTo(200);
        JsonNode done = ended(id);
        assertThat(done.path("state").asString()).as(done.toString()).isEqualTo("SUCCEEDED");
        assertThat(hub.requests)
                .as("goes on where it was")
                .anyMatch(request -> request.matches("GET /store/.* bytes=[1-9]\\d{5,}-.*"));
        assertThat(completion(name)).isEqualTo(said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gated   | GATED            | is gated: accept its terms",
                "private | PRIVATE          | set HF_TOKEN",
                "huge    | LISTS_HUGE_FILES | shiftadd.hub.max-model-size"
            })
    void whatMayNotOrCannotComeIsRefusedBeforeTheDownloadWithWhatToDo(String name, HubServer.Odd odd, String says) {
        hub.serve("kinds/" + name, repositories.resolve("plain"), odd, hub);
        hub.requests.clear();
        assertRefused(name, says);
    }

    @Test
    void anUnknownArchitectureIsRefusedBeforeTheDownloadWithWhatToDo() throws IOException {
        Path directory = repository("unknown", Files.readAllBytes(SAMPLE.resolve("model.safetensors")));
        Files.writeString(
                directory.resolve("config.json"), "{\"model_type\": \"rwkv\", \"architectures\": [\"Rwkv\"]}");
        hub.serve("kinds/unknown", directory, HubServer.Odd.NOTHING, hub);
        hub.requests.clear();
        assertRefused("unknown", "one of opt, llama");
    }

    private static void assertRefused(String name, String says) {
        Http.Answer started = start("refused-" + name, "kinds/" + name);
        assertThat(started.status()).as(started.text()).isEqualTo(202);
        JsonNode done = ended(started.json().path("id").asString());
        assertThat(done.path("state").asString()).isEqualTo("FAILED");
        assertThat(done.path("cause").asString()).contains(says);
        assertThat(hub.requests).as("no weights were asked for").noneMatch(request -> request.contains("/store/"));
    }
}
