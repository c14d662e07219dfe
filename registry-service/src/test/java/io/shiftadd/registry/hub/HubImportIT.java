package io.shiftadd.registry.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.gguf.TinyGguf;
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
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against a real HTTP server on loopback that serves the samples as the Hub does. */
class HubImportIT extends RegistryIT {

    private static final Path LLAMA = SAMPLES.resolve("llama-mini");
    private static final String WEIGHTS = "model.safetensors";
    private static final HubServer STORE = HubServer.start(hubStorePort(), 0);
    private static final HubServer HUB = HubServer.start(hubPort(), hubStorePort());

    @Autowired
    private HubImport imports;

    private final String name = "hub-" + UUID.randomUUID().toString().substring(0, 8);
    private final String repository = "sample/" + name;

    @BeforeAll
    static void serveSamples() {
        HUB.serve("sample/llama-mini", LLAMA, Odd.NOTHING, STORE);
    }

    @AfterAll
    static void stop() {
        HUB.close();
        STORE.close();
    }

    @BeforeEach
    void forget() {
        Stream.of(HUB, STORE).forEach(server -> {
            server.requests.clear();
            server.tokens.clear();
            server.breaks.set(0);
            server.pause = 0;
        });
    }

    @Test
    void downloadsAndRegistersAModel() throws IOException {
        Path directory = copyOfTheSample();
        Files.writeString(directory.resolve("README.md"), "# A model");
        Files.writeString(directory.resolve("LICENSE.txt"), "Free");
        Files.writeString(directory.resolve("chat_template.jinja"), "{{ messages[0].content }}");
        Files.writeString(
                Files.createDirectories(directory.resolve("additional_chat_templates"))
                        .resolve("tools.jinja"),
                "{{ 1 }}");
        Files.writeString(directory.resolve("training_args.bin"), "code");
        Files.writeString(directory.resolve("flax_model.msgpack"), "other weights");
        HUB.serve(repository, directory, Odd.NOTHING, STORE);
        JsonNode done = succeeded(repository, "v1");
        assertThat(done.get("bytesDone").asLong())
                .isEqualTo(done.get("bytesTotal").asLong())
                .isGreaterThan(6_000_000);
        assertThat(done.get("commitId").asString()).isEqualTo(HubServer.commitOf(repository, "v1"));
        assertThat(model().get("id")).isEqualTo(done.get("modelId"));
        assertThat(location()).hasFileName(HubServer.commitOf(repository, "v1"));
        for (String file : List.of(
                "README.md",
                "LICENSE.txt",
                "chat_template.jinja",
                "additional_chat_templates/tools.jinja",
                "tokenizer.json",
                WEIGHTS)) {
            assertThat(location().resolve(file)).hasSameBinaryContentAs(directory.resolve(file));
        }
        assertThat(location().resolve("training_args.bin")).doesNotExist();
        assertThat(location().resolve("flax_model.msgpack")).doesNotExist();
        assertThat(location()).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void theTokenGoesToTheServerAloneAndNotWithRedirects() {
        HUB.serve(repository, LLAMA, Odd.PRIVATE, STORE);
        succeeded(repository, "main");
        assertThat(HUB.tokens).isNotEmpty().containsOnly("Bearer hub-token");
        assertThat(STORE.requests).isNotEmpty();
        assertThat(STORE.tokens).isEmpty();
    }

    @Test
    void whatAModelIsIsFoundBeforeItsWeightsAreFetched() throws IOException {
        Path directory = copyOfTheSample();
        Path config = directory.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"vocab_size\": ", "\"vocab_size\": 1"));
        HUB.serve(repository, directory, Odd.NOTHING, STORE);
        assertThat(failed(repository))
                .contains("embed_tokens.weight' has shape")
                .doesNotContain(".headers-");
        assertThat(bytesOfWeights()).as("bytes of weights that were asked for").isLessThan(300_000);
        assertNothingIsLeft();
    }

    @Test
    void anUnknownArchitectureIsRefusedAfterItsConfigAlone() throws IOException {
        Path directory = copyOfTheSample();
        Files.writeString(
                directory.resolve("config.json"), "{\"model_type\": \"mamba\", \"architectures\": [\"Mamba\"]}");
        HUB.serve(repository, directory, Odd.NOTHING, STORE);
        assertThat(failed(repository)).contains("architectures", "one of opt, llama");
        assertThat(HUB.requests)
                .filteredOn(request -> request.contains("/resolve/"))
                .hasSize(1);
        assertThat(STORE.requests).isEmpty();
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"safetensors", "bin"})
    void downloadsAllShardsOfAnIndex(String ending) throws IOException {
        Path directory = shards(ending);
        HUB.serve(repository, directory, Odd.NOTHING, STORE);
        succeeded(repository, "main");
        assertSameTensors();
    }

    @Test
    void aRepositoryThatHasPickledWeightsAloneIsReadWithoutRunningThem() throws IOException {
        Path directory = copyOfTheSample();
        try (Checkpoint whole = Checkpoint.open(LLAMA)) {
            Files.write(directory.resolve("pytorch_model.bin"), TorchBytes.of(whole));
        }
        Files.delete(directory.resolve(WEIGHTS));
        HUB.serve(repository, directory, Odd.NOTHING, STORE);
        succeeded(repository, "main");
        assertSameTensors();
    }

    @Test
    void aPickleThatNamesCodeIsRefusedFromItsHeader() throws IOException {
        Path directory = copyOfTheSample();
        Files.delete(directory.resolve(WEIGHTS));
        byte[] evil = new TorchBytes()
                .record("data/0", new byte[1 << 20])
                .text("a")
                .global("os", "system")
                .archive();
        Files.write(directory.resolve("pytorch_model.bin"), evil);
        HUB.serve(repository, directory, Odd.NOTHING, STORE);
        assertThat(failed(repository)).contains("names os.system, which could run code", "safe_serialization=True");
        assertThat(bytesOfWeights()).isLessThan(300_000);
        assertNothingIsLeft();
    }

    @Test
    void aGgufFileIsChosenByTheEndOfItsName() throws IOException {
        Path directory = Files.createTempDirectory(ROOT, "gguf");
        TinyGguf.write(directory.resolve("tiny-Q8_0.gguf"));
        Files.write(directory.resolve("tiny-Q4_K_M.gguf"), new byte[100]);
        Files.write(directory.resolve("mmproj-tiny.gguf"), new byte[100]);
        Files.writeString(directory.resolve("LICENSE"), "Free");
        Files.writeString(directory.resolve("config.json"), "{\"model_type\": \"llama\"}");
        HUB.serve(repository, directory, Odd.NOTHING, STORE);
        assertThat(failed(repository)).contains("2 such GGUF files: tiny-Q4_K_M, tiny-Q8_0", repository + ":");
        assertThat(failed(repository + ":Q5_0")).contains("no GGUF file of this choice", "tiny-Q8_0");
        assertThat(STORE.requests).isEmpty();
        succeeded(repository + ":q8_0", "main");
        try (Stream<Path> files = Files.list(location())) {
            assertThat(files.map(file -> file.getFileName().toString())).containsOnly("tiny-Q8_0.gguf", "LICENSE");
        }
        assertThat(model().get("family").asString()).isEqualTo("llama");
    }

    @Test
    void aPullRequestIsARevision() {
        succeeded("sample/llama-mini", "refs/pr/7");
        assertThat(HUB.requests).contains("GET /hub/api/models/sample/llama-mini/revision/refs%2Fpr%2F7");
        assertThat(location()).hasFileName(HubServer.commitOf("sample/llama-mini", "refs/pr/7"));
    }

    @Test
    void goesOnWhereADownloadBrokeOff() throws IOException {
        STORE.breaks.set(2);
        succeeded("sample/llama-mini", "v2");
        long size = Files.size(LLAMA.resolve(WEIGHTS));
        List<Long> begins = STORE.requests.stream()
                .filter(request -> request.endsWith("-" + (size - 1)))
                .map(request -> Long.parseLong(request.replaceAll(".* bytes=|-.*", "")))
                .toList();
        assertThat(begins).hasSize(2).isSorted();
        assertThat(begins.getFirst()).isGreaterThan(size / 3);
        assertThat(begins.getLast()).isGreaterThan(begins.getFirst());
        assertSameTensors();
    }

    @Test
    void anImportThatFailedGoesOnWhenItIsAskedForAgain() {
        STORE.breaks.set(3);
        assertThat(failed("sample/llama-mini", "v3")).contains("broke off at byte", "Import it again");
        forget();
        succeeded("sample/llama-mini", "v3");
        assertThat(HUB.requests).noneMatch(request -> request.endsWith("/tokenizer.json"));
        assertThat(STORE.requests.getLast()).contains("bytes=").doesNotContain("bytes=0-");
    }

    @Test
    void anImportThatARestartInterruptedGoesOn() throws IOException {
        UUID id = UUID.randomUUID();
        jdbc.sql("insert into registry.model_import (id, name, repository, revision, state)"
                        + " values (:id, :name, 'sample/llama-mini', 'v4', 'RUNNING')")
                .param("id", id)
                .param("name", name)
                .update();
        Path directory = ROOT.resolve("data/models/sample@llama-mini/" + HubServer.commitOf("sample/llama-mini", "v4"));
        Files.createDirectories(directory);
        byte[] head = Arrays.copyOf(Files.readAllBytes(LLAMA.resolve(WEIGHTS)), 1000);
        Files.write(directory.resolve(WEIGHTS + ".part"), head);
        imports.resume();
        assertThat(finished("/api/v1/imports/" + id).get("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(STORE.requests.getLast()).contains(" bytes=1000-");
        assertSameTensors();
    }

    @Test
    void aRestOfAnotherVersionIsNotKept() throws IOException {
        Path directory = ROOT.resolve("data/models/sample@llama-mini/" + HubServer.commitOf("sample/llama-mini", "v5"));
        Files.createDirectories(directory);
        Files.write(directory.resolve(WEIGHTS + ".part"), new byte[1000]);
        succeeded("sample/llama-mini", "v5");
        assertSameTensors();
    }

    @Test
    void aRunningImportCanBeCancelledAndResumed() throws IOException {
        STORE.pause = 20;
        String path = start("sample/llama-mini", "v6");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> api().get(path).json().get("bytesDone").asLong() > 1_000_000);
        JsonNode running = api().get(path).json();
        assertThat(running.get("bytesTotal").asLong()).isGreaterThan(6_000_000);
        assertThat(running.get("bytesPerSecond").asLong()).isPositive();
        assertThat(running.get("secondsLeft").isNumber()).isTrue();
        Answer cancelled = api().post(path + "/cancel", "");
        assertThat(cancelled.json().get("state").asString()).isEqualTo("CANCELLED");
        assertThat(api().post(path + "/cancel", "").problem()).isEqualTo("illegal-transition");
        forget();
        api().post(path + "/resume", "");
        assertThat(finished(path).get("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(STORE.requests.getLast()).contains(" bytes=").doesNotContain(" bytes=0-");
        assertThat(api().post(path + "/resume", "").problem()).isEqualTo("illegal-transition");
        assertSameTensors();
    }

    @Test
    void whatAForgottenImportHasLeftIsRemoved() {
        STORE.breaks.set(3);
        String path = start("sample/llama-mini", "v7");
        finished(path);
        Path directory = ROOT.resolve("data/models/sample@llama-mini/" + HubServer.commitOf("sample/llama-mini", "v7"));
        assertThat(directory).isDirectory();
        assertThat(api().delete(path).status()).isEqualTo(204);
        assertThat(directory).doesNotExist();
        assertThat(api().get(path).status()).isEqualTo(404);
    }

    @Test
    void theDownloadOfADeletedModelIsRemovedUnlessAnotherModelHasIt() {
        succeeded("sample/llama-mini", "v8");
        Path directory = location();
        String other = name + "-too";
        api().post("/api/v1/models", "{\"name\": \"%s\", \"path\": \"%s\"}".formatted(other, directory));
        api().delete("/api/v1/models/" + name);
        assertThat(directory.resolve(WEIGHTS)).exists();
        api().delete("/api/v1/models/" + other);
        assertThat(directory).doesNotExist();
    }

    @Test
    void deletingAModelThatWasNotDownloadedLeavesItsFiles() throws IOException {
        Path directory = copyOfTheSample();
        api().post("/api/v1/models", "{\"name\": \"%s\", \"path\": \"%s\"}".formatted(name, directory));
        assertThat(api().delete("/api/v1/models/" + name).status()).isEqualTo(204);
        assertThat(directory.resolve(WEIGHTS)).exists();
    }

    @Test
    void aNameThatIsTakenIsRefusedBeforeTheDownload() {
        insertModel(name);
        assertThat(failed("sample/llama-mini")).contains("belongs to another model");
        assertThat(STORE.requests).isEmpty();
    }

    @Test
    void filesOfTheSharedCacheAreNotDownloaded() throws IOException {
        String cached = "sample/cached-" + name;
        HUB.serve(cached, LLAMA, Odd.NOTHING, STORE);
        Path home = ROOT.resolve("hf-cache/models--" + cached.replace("/", "--"));
        Path blob = home.resolve("blobs").resolve(HubServer.id(LLAMA.resolve(WEIGHTS)));
        Files.createDirectories(blob.getParent());
        Files.copy(LLAMA.resolve(WEIGHTS), blob);
        Path wrong = home.resolve("blobs").resolve(HubServer.id(LLAMA.resolve("tokenizer.json")));
        Files.write(wrong, new byte[(int) Files.size(LLAMA.resolve("tokenizer.json"))]);
        succeeded(cached, "main");
        assertThat(STORE.requests).isEmpty();
        assertThat(HUB.requests).anyMatch(request -> request.endsWith("/tokenizer.json"));
        assertSameTensors();
        assertThat(location().resolve("tokenizer.json")).hasSameBinaryContentAs(LLAMA.resolve("tokenizer.json"));
    }

    @Test
    void aServerThatIsBusyIsAskedAgain() {
        HUB.serve(repository, LLAMA, Odd.BUSY_AT_FIRST, STORE);
        succeeded(repository, "main");
    }

    @Test
    void followsRedirectsToTheServerItself() {
        HUB.serve("odd/renamed", LLAMA, Odd.RENAMED, STORE);
        HUB.serve("odd/renamed2", LLAMA, Odd.NOTHING, STORE);
        succeeded("odd/renamed", "main");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        GATED                  | is gated: accept its terms there, then set HF_TOKEN
        REDIRECTS_TO_ELSEWHERE | is redirected to http://127.0.0.2:9, where files are not fetched from
        REDIRECTS_WITH_A_USER  | with a user's name in its address
        REDIRECTS_WITHOUT_END  | more than 5 times
        OTHER_BYTES            | came with another content than the server announces
        OTHER_LENGTH           | bytes; the server's listing says
        MORE_BYTES             | bytes of its listing
        COMPRESSED             | in the encoding 'gzip', which was not asked for
        LISTS_HUGE_FILES       | the limit here is 16777216 (shiftadd.hub.max-model-size)
        GOES_ON_ELSEWHERE      | goes on at another server
        NO_RANGES              | is not given in parts
        """)
    void saysWhyAnImportFailed(Odd odd, String cause) {
        HUB.serve(repository, LLAMA, odd, STORE);
        assertThat(failed(repository)).contains(cause);
        assertThat(api().get("/api/v1/models/" + name).status()).isEqualTo(404);
        if (odd != Odd.OTHER_BYTES) {
            assertNothingIsLeft();
        }
    }

    @Test
    void aListingWithOtherPathsOrWithoutEndDoesNoHarm() {
        HUB.serve(repository, LLAMA, Odd.LISTS_OTHER_PATHS, STORE);
        succeeded(repository, "main");
        assertThat(ROOT.resolve("data/escape.safetensors")).doesNotExist();
        HUB.serve(repository + "2", LLAMA, Odd.LISTS_WITHOUT_END, STORE);
        assertThat(failed(repository + "2")).contains("lists files on more than 100 pages");
        assertThat(HUB.requests.size()).isLessThan(200);
    }

    @Test
    void saysThatThereIsNoSuchRepositoryOrRevision() {
        assertThat(failed("sample/nothing")).contains("does not exist, is private, or is gated", "HF_TOKEN");
        assertThat(failed("sample/llama-mini", "nowhere")).contains("there is no such revision");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ../../escape.safetensors | names '../../escape.safetensors'
        /tmp/escape.safetensors  | names '/tmp/escape.safetensors'
        sub/dir.safetensors      | names 'sub/dir.safetensors'
        pytorch_model.bin        | names 'pytorch_model.bin'
        missing.safetensors      | which the repository does not have
        """)
    void refusesAnIndexThatLeadsOutOfTheRepository(String shard, String message) throws IOException {
        Path directory = copyOfTheSample();
        Files.delete(directory.resolve(WEIGHTS));
        Files.writeString(
                directory.resolve("model.safetensors.index.json"),
                "{\"weight_map\": {\"a\": \"%s\"}}".formatted(shard));
        HUB.serve(repository, directory, Odd.NOTHING, STORE);
        assertThat(failed(repository)).contains(message, "model.safetensors.index.json");
    }

    @Test
    void saysWhatThereIsWhereThereAreNoWeights() throws IOException {
        Path directory = copyOfTheSample();
        Files.move(directory.resolve(WEIGHTS), directory.resolve("flax_model.msgpack"));
        HUB.serve(repository, directory, Odd.NOTHING, STORE);
        assertThat(failed(repository)).contains("no safetensors, GGUF or pytorch_model.bin", "flax_model.msgpack");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'repository': '../../etc'}",
                "{'repository': 'a/..'}",
                "{'repository': 'http://elsewhere/x'}",
                "{'repository': 'a/b/c'}",
                "{'repository': 'a%2f..%2fb'}",
                "{'repository': 'a/b:'}",
                "{'repository': 'a/b:../x'}",
                "{'repository': 'a/b', 'revision': '../x'}",
                "{'repository': 'a/b', 'revision': 'x/../y'}",
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

    private String failed(String repository) {
        return failed(repository, "main");
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

    private JsonNode model() {
        return api().get("/api/v1/models/" + name).json();
    }

    private Path location() {
        return Path.of(model().get("location").asString());
    }

    /** The registered model has the sample's tensors, whatever file they came in. */
    private void assertSameTensors() throws IOException {
        try (Checkpoint expected = Checkpoint.open(LLAMA);
                Checkpoint actual = Checkpoint.open(location())) {
            assertThat(actual.names()).isEqualTo(expected.names());
            for (String tensor : expected.names()) {
                assertThat(FileDigest.sha256(actual.tensor(tensor).toByteArray()))
                        .isEqualTo(FileDigest.sha256(expected.tensor(tensor).toByteArray()));
            }
        }
    }

    private void assertNothingIsLeft() {
        Path models = ROOT.resolve("data/models");
        assertThat(models.resolve(repository.replace('/', '@'))).doesNotExist();
        try (Stream<Path> files = Files.list(models)) {
            assertThat(files).noneMatch(file -> file.getFileName().toString().startsWith(".headers"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes that were asked for of large files. */
    private static long bytesOfWeights() {
        return STORE.requests.stream()
                .mapToLong(request -> {
                    String[] range = request.replaceAll(".* bytes=", "").split("-");
                    return request.contains(" bytes=")
                            ? Long.parseLong(range[1]) - Long.parseLong(range[0]) + 1
                            : Long.MAX_VALUE / 1000;
                })
                .sum();
    }

    private static Path copyOfTheSample() throws IOException {
        Path directory = Files.createTempDirectory(ROOT, "repository");
        FileSystemUtils.copyRecursively(LLAMA, directory);
        return directory;
    }

    /** The sample with its tensors spread over two files. */
    private static Path shards(String ending) throws IOException {
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
