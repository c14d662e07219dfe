package io.shiftadd.registry.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.gguf.TinyGguf;
import io.shiftadd.format.torch.TorchBytes;
import io.shiftadd.registry.hub.HubServer.Odd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What comes in by the name of its repository, and where it lies then. */
class HubImportIT extends HubFixture {

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
        hub.serve(repository, directory, Odd.NOTHING, store);
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
        hub.serve(repository, LLAMA, Odd.PRIVATE, store);
        succeeded(repository, "main");
        assertThat(hub.tokens).isNotEmpty().containsOnly("Bearer hub-token");
        assertThat(store.requests).isNotEmpty();
        assertThat(store.tokens).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"safetensors", "bin"})
    void downloadsAllShardsOfAnIndex(String ending) throws IOException {
        Path directory = shards(ending);
        hub.serve(repository, directory, Odd.NOTHING, store);
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
        hub.serve(repository, directory, Odd.NOTHING, store);
        succeeded(repository, "main");
        assertSameTensors();
    }

    @Test
    void aGgufFileIsChosenByTheEndOfItsName() throws IOException {
        Path directory = Files.createTempDirectory(ROOT, "gguf");
        TinyGguf.write(directory.resolve("tiny-Q8_0.gguf"));
        Files.write(directory.resolve("tiny-Q4_K_M.gguf"), new byte[100]);
        Files.write(directory.resolve("mmproj-tiny.gguf"), new byte[100]);
        Files.writeString(directory.resolve("LICENSE"), "Free");
        Files.writeString(directory.resolve("config.json"), "{\"model_type\": \"llama\"}");
        hub.serve(repository, directory, Odd.NOTHING, store);
        assertThat(failed(repository)).contains("2 such GGUF files: tiny-Q4_K_M, tiny-Q8_0", repository + ":");
        assertThat(failed(repository + ":Q5_0")).contains("no GGUF file of this choice", "tiny-Q8_0");
        assertThat(store.requests).isEmpty();
        succeeded(repository + ":q8_0", "main");
        try (Stream<Path> files = Files.list(location())) {
            assertThat(files.map(file -> file.getFileName().toString())).containsOnly("tiny-Q8_0.gguf", "LICENSE");
        }
        assertThat(model().get("family").asString()).isEqualTo("llama");
    }

    @Test
    void aPullRequestIsARevision() {
        succeeded("sample/llama-mini", "refs/pr/7");
        assertThat(hub.requests).contains("GET /hub/api/models/sample/llama-mini/revision/refs%2Fpr%2F7");
        assertThat(location()).hasFileName(HubServer.commitOf("sample/llama-mini", "refs/pr/7"));
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
    void filesOfTheSharedCacheAreNotDownloaded() throws IOException {
        String cached = "sample/cached-" + name;
        hub.serve(cached, LLAMA, Odd.NOTHING, store);
        Path home = ROOT.resolve("hf-cache/models--" + cached.replace("/", "--"));
        Path blob = home.resolve("blobs").resolve(HubServer.id(LLAMA.resolve(WEIGHTS)));
        Files.createDirectories(blob.getParent());
        Files.copy(LLAMA.resolve(WEIGHTS), blob);
        Path wrong = home.resolve("blobs").resolve(HubServer.id(LLAMA.resolve("tokenizer.json")));
        Files.write(wrong, new byte[(int) Files.size(LLAMA.resolve("tokenizer.json"))]);
        succeeded(cached, "main");
        assertThat(store.requests).isEmpty();
        assertThat(hub.requests).anyMatch(request -> request.endsWith("/tokenizer.json"));
        assertSameTensors();
        assertThat(location().resolve("tokenizer.json")).hasSameBinaryContentAs(LLAMA.resolve("tokenizer.json"));
    }

    @Test
    void followsRedirectsToTheServerItself() {
        hub.serve("odd/renamed", LLAMA, Odd.RENAMED, store);
        hub.serve("odd/renamed2", LLAMA, Odd.NOTHING, store);
        succeeded("odd/renamed", "main");
    }
}
