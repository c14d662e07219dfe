package io.shiftadd.registry.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shiftadd.format.safetensors.SafetensorsFile;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import io.shiftadd.registry.Api.Answer;
import io.shiftadd.registry.RegistryIT;
import io.shiftadd.registry.storage.FileDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against a real HTTP server on loopback that serves the samples as a Hub does. */
class HubImportIT extends RegistryIT {

    private static final Path LLAMA = SAMPLES.resolve("llama-mini");
    private static final HubServer HUB = HubServer.start(hubPort(), hubStorePort());
    private static final HubServer STORE = HubServer.start(hubStorePort(), 0);

    @Autowired
    private HubImport imports;

    private final String name = "hub-" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeAll
    static void serveSamples() {
        HUB.serve("sample/llama-mini", LLAMA);
        for (String repository :
                List.of("private", "large-files-elsewhere", "wrong-digest", "branch", "huge", "unannounced")) {
            HUB.serve("odd/" + repository, LLAMA);
            STORE.serve("odd/" + repository, LLAMA);
        }
    }

    @AfterAll
    static void stop() {
        HUB.close();
        STORE.close();
    }

    @BeforeEach
    void forget() {
        HUB.requests.clear();
        HUB.breaks.set(0);
    }

    @Test
    void downloadsAndRegistersAModel() throws IOException {
        JsonNode done = succeeded("sample/llama-mini", "v1");
        assertThat(done.get("bytesDone").asLong())
                .isEqualTo(done.get("bytesTotal").asLong())
                .isGreaterThan(6_000_000);
        JsonNode model = api().get("/api/v1/models/" + name).json();
        assertThat(model.get("id")).isEqualTo(done.get("modelId"));
        assertThat(weights()).startsWith(ROOT);
        assertThat(FileDigest.of(weights())).isEqualTo(FileDigest.of(LLAMA.resolve("model.safetensors")));
        JsonNode files = api().get("/api/v1/models/" + name + "/files").json();
        for (JsonNode file : files) {
            assertThat(file.get("sha256").asString())
                    .isEqualTo(FileDigest.of(LLAMA.resolve(file.get("path").asString()))
                            .sha256());
        }
        assertThat(files).hasSize(5);
    }

    @Test
    void goesOnWhereADownloadBrokeOff() throws IOException {
        HUB.breaks.set(2);
        succeeded("sample/llama-mini", "v2");
        long size = Files.size(weights());
        assertThat(HUB.ranges("model.safetensors"))
                .satisfiesExactly(
                        first -> assertThat(first).endsWith(" bytes=" + size / 2 + "-"),
                        second -> assertThat(second).endsWith("-"));
        assertThat(FileDigest.of(weights())).isEqualTo(FileDigest.of(LLAMA.resolve("model.safetensors")));
        assertThat(weights().getParent()).isDirectoryNotContaining("glob:**.{part,etag}");
    }

    @Test
    void anImportThatFailedGoesOnWhenItIsAskedForAgain() {
        HUB.breaks.set(3);
        assertThat(failed("sample/llama-mini", "v3")).contains("broke off at byte", "Import it again");
        HUB.requests.clear();
        succeeded("sample/llama-mini", "v3");
        assertThat(HUB.ranges("model.safetensors")).hasSize(1);
        assertThat(HUB.requests)
                .noneMatch(request -> request.equals("GET /hub/sample/llama-mini/resolve/v3/tokenizer.json"));
    }

    @Test
    void anImportThatARestartInterruptedGoesOn() throws IOException {
        UUID id = UUID.randomUUID();
        jdbc.sql("insert into registry.model_import (id, name, repository, revision, state)"
                        + " values (:id, :name, 'sample/llama-mini', 'v4', 'RUNNING')")
                .param("id", id)
                .param("name", name)
                .update();
        Path directory = ROOT.resolve("data/models/sample@llama-mini/v4");
        Files.createDirectories(directory);
        byte[] head = Arrays.copyOf(Files.readAllBytes(LLAMA.resolve("model.safetensors")), 1000);
        Files.write(directory.resolve("model.safetensors.part"), head);
        Files.writeString(
                directory.resolve("model.safetensors.etag"), HubServer.tagOf(LLAMA.resolve("model.safetensors")));
        imports.resume();
        assertThat(finished("/api/v1/imports/" + id).get("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(HUB.ranges("model.safetensors")).singleElement().asString().endsWith(" bytes=1000-");
        assertThat(FileDigest.of(weights())).isEqualTo(FileDigest.of(LLAMA.resolve("model.safetensors")));
    }

    @Test
    void aRestOfAnotherVersionIsNotAppended() throws IOException {
        Path directory = ROOT.resolve("data/models/sample@llama-mini/v5");
        Files.createDirectories(directory);
        Files.write(directory.resolve("model.safetensors.part"), new byte[1000]);
        Files.writeString(directory.resolve("model.safetensors.etag"), "\"an older one\"");
        succeeded("sample/llama-mini", "v5");
        assertThat(FileDigest.of(weights())).isEqualTo(FileDigest.of(LLAMA.resolve("model.safetensors")));
    }

    @Test
    void followsRedirectsToTheServerItself() throws IOException {
        succeeded("odd/renamed", "main");
        assertThat(FileDigest.of(weights())).isEqualTo(FileDigest.of(LLAMA.resolve("model.safetensors")));
    }

    @Test
    void fetchesLargeFilesFromAnAllowedAddressAndChecksTheirDigest() throws IOException {
        succeeded("odd/large-files-elsewhere", "main");
        assertThat(FileDigest.of(weights())).isEqualTo(FileDigest.of(LLAMA.resolve("model.safetensors")));
        assertThat(STORE.requests).contains("GET /cdn/odd/large-files-elsewhere/resolve/x/model.safetensors");
    }

    @Test
    void aPrivateModelIsReadWithTheToken() {
        succeeded("odd/private", "main");
    }

    @Test
    void aBranchIsPinnedToItsCommit() {
        succeeded("odd/branch", "main");
        assertThat(HUB.requests)
                .filteredOn(request -> request.startsWith("GET "))
                .allMatch(request -> request.contains("/resolve/" + HubServer.COMMIT + "/"));
        assertThat(weights().getParent()).hasFileName(HubServer.COMMIT);
    }

    @Test
    void downloadsAllShardsOfAnIndex() throws IOException {
        Path sharded = shards(Files.createTempDirectory(ROOT, "sharded"));
        HUB.serve("sample/sharded", sharded);
        succeeded("sample/sharded", "main");
        for (String file : List.of("model-1.safetensors", "model-2.safetensors")) {
            assertThat(FileDigest.of(weights().resolveSibling(file))).isEqualTo(FileDigest.of(sharded.resolve(file)));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ../../escape.safetensors                             | names '../../escape.safetensors'
        /tmp/escape.safetensors                              | names '/tmp/escape.safetensors'
        sub/dir.safetensors                                  | names 'sub/dir.safetensors'
        pytorch_model.bin                                    | names 'pytorch_model.bin'
        """)
    void refusesAnIndexThatLeadsOutOfTheDirectory(String shard, String message) throws IOException {
        Path directory = Files.createTempDirectory(ROOT, "bad-index");
        Files.copy(LLAMA.resolve("config.json"), directory.resolve("config.json"));
        Files.writeString(
                directory.resolve("model.safetensors.index.json"),
                "{\"weight_map\": {\"a\": \"%s\"}}".formatted(shard));
        HUB.serve("sample/" + name, directory);
        assertThat(failed("sample/" + name, "main")).contains(message, "model.safetensors.index.json");
    }

    @Test
    void saysHowToConvertPickledWeights() throws IOException {
        Path directory = Files.createTempDirectory(ROOT, "pickled");
        Files.copy(LLAMA.resolve("config.json"), directory.resolve("config.json"));
        Files.write(directory.resolve("pytorch_model.bin"), new byte[10]);
        HUB.serve("sample/pickled", directory);
        assertThat(failed("sample/pickled", "main"))
                .contains("there is pytorch_model.bin", "safe_serialization=True", "never are");
        assertThat(HUB.requests).noneMatch(request -> request.startsWith("GET") && request.contains(".bin"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        sample/nothing    | There is no
        odd/gated         | shiftadd.hub.token
        odd/elsewhere     | is redirected to http://127.0.0.2:9/secret
        odd/endless       | more than 5 times
        odd/wrong-digest  | but the server announces 0000
        odd/huge          | the limit here is
        odd/unannounced   | the limit here is
        """)
    void saysWhyAnImportFailed(String repository, String cause) {
        assertThat(failed(repository, "main")).contains(cause);
        assertThat(api().get("/api/v1/models/" + name).status()).isEqualTo(404);
        try (Stream<Path> files = Files.walk(ROOT.resolve("data/models"))) {
            assertThat(files)
                    .noneMatch(file -> file.toString().contains(repository.replace('/', '@'))
                            && file.endsWith("model.safetensors"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'repository': '../../etc'}",
                "{'repository': 'a/..'}",
                "{'repository': 'http://elsewhere/x'}",
                "{'repository': 'a/b/c'}",
                "{'repository': 'a%2f..%2fb'}",
                "{'repository': 'a/b', 'revision': '../x'}",
                "{'repository': 'a/b', 'revision': 'x/y'}",
                "{'repository': 'a/b', 'path': 'x'}",
                "{'path': 'llama-mini', 'revision': 'main'}",
                "{}"
            })
    void refusesRepositoriesThatAreNoneAndAmbiguousRequests(String body) {
        Answer answer = api().post("/api/v1/models", body.replace('\'', '"'));
        assertThat(answer.problem()).isEqualTo("invalid-field");
        assertThat(HUB.requests).isEmpty();
    }

    private JsonNode succeeded(String repository, String revision) {
        JsonNode done = finished(start(repository, revision));
        assertThat(done.get("state").asString()).as(done.toString()).isEqualTo("SUCCEEDED");
        return done;
    }

    /** Returns the cause. */
    private String failed(String repository, String revision) {
        JsonNode done = finished(start(repository, revision));
        assertThat(done.get("state").asString()).as(done.toString()).isEqualTo("FAILED");
        return done.get("cause").asString();
    }

    private String start(String repository, String revision) {
        Answer answer = api().post(
                        "/api/v1/models",
                        "{\"name\": \"%s\", \"repository\": \"%s\", \"revision\": \"%s\"}"
                                .formatted(name, repository, revision));
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return answer.header("location");
    }

    private JsonNode finished(String path) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> !api().get(path).json().get("state").asString().equals("RUNNING"));
        return api().get(path).json();
    }

    private Path weights() {
        return Path.of(api().get("/api/v1/models/" + name)
                        .json()
                        .get("location")
                        .asString())
                .resolve("model.safetensors");
    }

    /** The sample with its tensors spread over two files. */
    private static Path shards(Path directory) throws IOException {
        Files.copy(LLAMA.resolve("config.json"), directory.resolve("config.json"));
        Files.copy(LLAMA.resolve("tokenizer.json"), directory.resolve("tokenizer.json"));
        Map<String, String> index = new TreeMap<>();
        List<SafetensorsWriter> writers =
                List.of(new SafetensorsWriter(Map.of("format", "pt")), new SafetensorsWriter(Map.of("format", "pt")));
        try (SafetensorsFile whole = SafetensorsFile.open(LLAMA.resolve("model.safetensors"))) {
            for (String tensor : whole.names()) {
                int shard = index.size() % 2;
                writers.get(shard).add(whole.tensor(tensor));
                index.put(tensor, "model-" + (shard + 1) + ".safetensors");
            }
            for (int shard = 0; shard < 2; shard++) {
                writers.get(shard).write(directory.resolve("model-" + (shard + 1) + ".safetensors"));
            }
        }
        Files.writeString(
                directory.resolve("model.safetensors.index.json"),
                new JsonMapper().writeValueAsString(Map.of("metadata", Map.of(), "weight_map", index)));
        return directory;
    }
}
