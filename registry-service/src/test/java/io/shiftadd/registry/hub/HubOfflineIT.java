package io.shiftadd.registry.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shiftadd.registry.RegistryIT;
import io.shiftadd.registry.model.ImportView;
import io.shiftadd.registry.model.ModelIntake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** With {@code HF_HUB_OFFLINE} nobody is asked: what the shared cache has, as the Hub's own tools left it, is all. */
class HubOfflineIT extends RegistryIT {

    private static final String COMMIT = "c0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ff";

    private final String name = "offline-" + UUID.randomUUID().toString().substring(0, 8);
    private final String repository = "sample/" + name;

    @Autowired
    private HubProperties properties;

    @Autowired
    private ImportRecords records;

    @Autowired
    private ModelIntake intake;

    @Autowired
    private DownloadDirectories directories;

    private HubImport offline;

    @BeforeEach
    void goOffline() {
        HubProperties alone = new HubProperties(
                null,
                null,
                null,
                List.of(),
                properties.directory(),
                properties.cache(),
                false,
                true,
                properties.timeout(),
                properties.slowest(),
                properties.attempts(),
                properties.pause(),
                1,
                properties.maxModelSize(),
                properties.maxTextSize());
        offline = new HubImport(alone, records, intake, directories);
    }

    @AfterEach
    void stop() {
        offline.stop();
    }

    private Path home() {
        return Objects.requireNonNull(properties.cache()).resolve("models--" + repository.replace("/", "--"));
    }

    /** As {@code huggingface_hub} leaves a download: blobs by their ids, links to them by name, the branch's commit. */
    private void cached(Path model) throws IOException {
        Path snapshot = Files.createDirectories(home().resolve("snapshots").resolve(COMMIT));
        Files.createDirectories(home().resolve("blobs"));
        Files.createDirectories(home().resolve("refs"));
        Files.writeString(home().resolve("refs/main"), COMMIT);
        try (Stream<Path> files = Files.list(model)) {
            for (Path file : files.toList()) {
                String id = HubServer.id(file);
                Files.copy(file, home().resolve("blobs").resolve(id));
                Files.createSymbolicLink(snapshot.resolve(file.getFileName()), Path.of("../../blobs", id));
            }
        }
    }

    private ImportView ended(String revision) {
        ImportView begun = offline.start(name, repository, revision);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> !records.find(begun.id()).orElseThrow().state().equals("RUNNING"));
        return records.find(begun.id()).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", COMMIT})
    void aWholeImportComesFromTheSharedCacheAlone(String revision) throws IOException {
        Path sample = SAMPLES.resolve("llama-mini");
        cached(sample);
        ImportView done = ended(revision);
        assertThat(done.state()).as(done.toString()).isEqualTo("SUCCEEDED");
        assertThat(done.commitId()).isEqualTo(COMMIT);
        Path location = Path.of(
                api().get("/api/v1/models/" + name).json().get("location").asString());
        for (String file : List.of("config.json", "tokenizer.json", "model.safetensors")) {
            assertThat(location.resolve(file)).hasSameBinaryContentAs(sample.resolve(file));
        }
    }

    @Test
    void whatTheCacheDoesNotHaveIsRefusedWithWhatToDo() {
        ImportView done = ended("main");
        assertThat(done.state()).isEqualTo("FAILED");
        assertThat(done.cause()).contains(repository, "is not in", "HF_HUB_OFFLINE is set. Unset it to download");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "other"})
    void aBlobThatIsNotWhatItsNameSaysIsNoFile(String damage) throws IOException {
        Path sample = SAMPLES.resolve("llama-mini");
        cached(sample);
        Path blob = home().resolve("blobs").resolve(HubServer.id(sample.resolve("model.safetensors")));
        byte[] bytes = Files.readAllBytes(blob);
        bytes[bytes.length - 1] ^= 1;
        Files.write(blob, damage.equals("cut") ? Arrays.copyOf(bytes, bytes.length / 2) : bytes);
        ImportView done = ended("main");
        assertThat(done.state()).isEqualTo("FAILED");
        assertThat(done.cause()).contains("model.safetensors", "HF_HUB_OFFLINE is set");
        assertThat(api().get("/api/v1/models/" + name).status()).isEqualTo(404);
    }
}
