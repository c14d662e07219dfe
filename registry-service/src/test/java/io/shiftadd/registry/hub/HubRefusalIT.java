package io.shiftadd.registry.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.format.torch.TorchBytes;
import io.shiftadd.registry.Api.Answer;
import io.shiftadd.registry.hub.HubServer.Odd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, before its weights are fetched where that can be told, and in which words. */
class HubRefusalIT extends HubFixture {

    @Test
    void whatAModelIsIsFoundBeforeItsWeightsAreFetched() throws IOException {
        Path directory = copyOfTheSample();
        Path config = directory.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"vocab_size\": ", "\"vocab_size\": 1"));
        hub.serve(repository, directory, Odd.NOTHING, store);
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
        hub.serve(repository, directory, Odd.NOTHING, store);
        assertThat(failed(repository)).contains("architectures", "one of opt, llama");
        assertThat(hub.requests)
                .filteredOn(request -> request.contains("/resolve/"))
                .hasSize(1);
        assertThat(store.requests).isEmpty();
        assertNothingIsLeft();
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
        hub.serve(repository, directory, Odd.NOTHING, store);
        assertThat(failed(repository)).contains("names os.system, which could run code", "safe_serialization=True");
        assertThat(bytesOfWeights()).isLessThan(300_000);
        assertNothingIsLeft();
    }

    @Test
    void aNameThatIsTakenIsRefusedBeforeTheDownload() {
        insertModel(name);
        assertThat(failed("sample/llama-mini")).contains("belongs to another model");
        assertThat(store.requests).isEmpty();
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
        hub.serve(repository, LLAMA, odd, store);
        assertThat(failed(repository)).contains(cause);
        assertThat(api().get("/api/v1/models/" + name).status()).isEqualTo(404);
        if (odd != Odd.OTHER_BYTES) {
            assertNothingIsLeft();
        }
    }

    @Test
    void aListingWithOtherPathsOrWithoutEndDoesNoHarm() {
        hub.serve(repository, LLAMA, Odd.LISTS_OTHER_PATHS, store);
        succeeded(repository, "main");
        assertThat(ROOT.resolve("data/escape.safetensors")).doesNotExist();
        hub.serve(repository + "2", LLAMA, Odd.LISTS_WITHOUT_END, store);
        assertThat(failed(repository + "2")).contains("lists files on more than 100 pages");
        assertThat(hub.requests.size()).isLessThan(200);
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
        hub.serve(repository, directory, Odd.NOTHING, store);
        assertThat(failed(repository)).contains(message, "model.safetensors.index.json");
    }

    @Test
    void saysWhatThereIsWhereThereAreNoWeights() throws IOException {
        Path directory = copyOfTheSample();
        Files.move(directory.resolve(WEIGHTS), directory.resolve("flax_model.msgpack"));
        hub.serve(repository, directory, Odd.NOTHING, store);
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
        assertThat(hub.requests).isEmpty();
    }
}
