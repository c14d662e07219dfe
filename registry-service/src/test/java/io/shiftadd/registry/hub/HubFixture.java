package io.shiftadd.registry.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.safetensors.SafetensorsFile;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import io.shiftadd.format.torch.TorchBytes;
import io.shiftadd.registry.Api.Answer;
import io.shiftadd.registry.RegistryIT;
import io.shiftadd.registry.hub.HubServer.Odd;
import io.shiftadd.registry.storage.FileDigest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real HTTP server on loopback that serves the samples as the Hub does, and what tests ask of imports from it. */
abstract class HubFixture extends RegistryIT {

    static final Path LLAMA = SAMPLES.resolve("llama-mini");
    static final String WEIGHTS = "model.safetensors";
    static HubServer store;
    static HubServer hub;

    @Autowired
    HubImport imports;

    final String name = "hub-" + UUID.randomUUID().toString().substring(0, 8);
    final String repository = "sample/" + name;

    @BeforeAll
    static void serveSamples() {
        store = HubServer.start(hubStorePort(), 0);
        hub = HubServer.start(hubPort(), hubStorePort());
        hub.serve("sample/llama-mini", LLAMA, Odd.NOTHING, store);
    }

    @AfterAll
    static void stop() {
        hub.close();
        store.close();
    }

    @BeforeEach
    void forget() {
        Stream.of(hub, store).forEach(server -> {
            server.requests.clear();
            server.tokens.clear();
            server.breaks.set(0);
            server.pause = 0;
        });
    }

    JsonNode succeeded(String repository, String revision) {
        JsonNode done = finished(start(repository, revision));
        assertThat(done.get("state").asString()).as(done.toString()).isEqualTo("SUCCEEDED");
        return done;
    }

    String failed(String repository) {
        return failed(repository, "main");
    }

    /** Returns the cause. */
    String failed(String repository, String revision) {
        JsonNode done = finished(start(repository, revision));
        assertThat(done.get("state").asString()).as(done.toString()).isEqualTo("FAILED");
        return done.get("cause").asString();
    }

    String start(String repository, String revision) {
        Answer answer = api().post(
                        "/api/v1/models",
                        "{\"name\": \"%s\", \"repository\": \"%s\", \"revision\": \"%s\"}"
                                .formatted(name, repository, revision));
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return answer.header("location");
    }

    JsonNode finished(String path) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> !api().get(path).json().get("state").asString().equals("RUNNING"));
        return api().get(path).json();
    }

    JsonNode model() {
        return api().get("/api/v1/models/" + name).json();
    }

    Path location() {
        return Path.of(model().get("location").asString());
    }

    /** The registered model has the sample's tensors, whatever file they came in. */
    void assertSameTensors() throws IOException {
        try (Checkpoint expected = Checkpoint.open(LLAMA);
                Checkpoint actual = Checkpoint.open(location())) {
            assertThat(actual.names()).isEqualTo(expected.names());
            for (String tensor : expected.names()) {
                assertThat(FileDigest.sha256(actual.tensor(tensor).toByteArray()))
                        .isEqualTo(FileDigest.sha256(expected.tensor(tensor).toByteArray()));
            }
        }
    }

    void assertNothingIsLeft() {
        Path models = ROOT.resolve("data/models");
        assertThat(models.resolve(repository.replace('/', '@'))).doesNotExist();
        try (Stream<Path> files = Files.list(models)) {
            assertThat(files).noneMatch(file -> file.getFileName().toString().startsWith(".headers"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes that were asked for of large files. */
    static long bytesOfWeights() {
        return store.requests.stream()
                .mapToLong(request -> {
                    String[] range = request.replaceAll(".* bytes=", "").split("-");
                    return request.contains(" bytes=")
                            ? Long.parseLong(range[1]) - Long.parseLong(range[0]) + 1
                            : Long.MAX_VALUE / 1000;
                })
                .sum();
    }

    static Path copyOfTheSample() throws IOException {
        Path directory = Files.createTempDirectory(ROOT, "repository");
        FileSystemUtils.copyRecursively(LLAMA, directory);
        return directory;
    }

    /** The sample with its tensors spread over two files. */
    static Path shards(String ending) throws IOException {
        Path directory = copyOfTheSample();
        Files.delete(directory.resolve(WEIGHTS));
        String stem = ending.equals("bin") ? "pytorch_model" : "model";
        Map<String, String> index = new TreeMap<>();
        try (SafetensorsFile whole = SafetensorsFile.open(LLAMA.resolve(WEIGHTS))) {
            List<String> names = List.copyOf(whole.names());
            for (int shard = 0; shard < 2; shard++) {
                String file = "%s-%05d-of-00002.%s".formatted(stem, shard + 1, ending);
                SafetensorsWriter safetensors = new SafetensorsWriter(Map.of("format", "pt"));
                TorchBytes torch = new TorchBytes();
                for (int i = shard; i < names.size(); i += 2) {
                    safetensors.add(whole.tensor(names.get(i)));
                    torch.tensor(whole.tensor(names.get(i)));
                    index.put(names.get(i), file);
                }
                if (ending.equals("bin")) {
                    Files.write(directory.resolve(file), torch.archive());
                } else {
                    safetensors.write(directory.resolve(file));
                }
            }
        }
        Files.write(
                directory.resolve(stem + "." + ending + ".index.json"),
                new JsonMapper()
                        .writeValueAsString(Map.of("metadata", Map.of(), "weight_map", index))
                        .getBytes(StandardCharsets.UTF_8));
        return directory;
    }
}
