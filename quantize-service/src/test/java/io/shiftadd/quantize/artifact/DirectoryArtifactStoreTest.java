package io.shiftadd.quantize.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.quantize.artifact.ArtifactStore.Published;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryArtifactStoreTest {

    @TempDir
    private Path root;

    private DirectoryArtifactStore store;

    @BeforeEach
    void create() {
        store = new DirectoryArtifactStore(root.resolve("artifacts"));
    }

    private Path staged(Map<String, String> files) throws IOException {
        Path directory = Files.createTempDirectory(root, "staged");
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        return directory;
    }

    @Test
    void addressIsTheDigestOfTheManifest() throws IOException {
        Path staged = staged(Map.of("b/two", "2", "one", "1"));
        Published published = store.publish(staged);

        Path directory = Path.of(published.location());
        assertThat(directory.getFileName()).hasToString(published.digest());
        assertThat(Sha256.of(directory.resolve(Manifest.FILE))).isEqualTo(published.digest());
        assertThat(Manifest.read(directory).files())
                .containsExactly(
                        new Manifest.Entry("b/two", 1, Sha256.of("2".getBytes())),
                        new Manifest.Entry("one", 1, Sha256.of("1".getBytes())));
        assertThat(staged).doesNotExist();
    }

    @Test
    void sameContentHasOneAddressAndAnotherContentAnother() throws IOException {
        String first = store.publish(staged(Map.of("one", "1"))).digest();
        assertThat(store.publish(staged(Map.of("one", "1"))).digest()).isEqualTo(first);
        assertThat(store.publish(staged(Map.of("one", "2"))).digest()).isNotEqualTo(first);
        assertThat(store.publish(staged(Map.of("uno", "1"))).digest()).isNotEqualTo(first);
        assertThat(store.list()).hasSize(3);
    }

    @Test
    void publishedFilesAreReadOnly() throws IOException {
        Path directory = Path.of(store.publish(staged(Map.of("one", "1"))).location());
        assertThat(Files.getPosixFilePermissions(directory.resolve("one")).toString())
                .doesNotContain("WRITE");
    }

    @Test
    void repairsADamagedArtifact() throws IOException {
        Path directory =
                Path.of(store.publish(staged(Map.of("one", "1", "two", "2"))).location());
        Files.delete(directory.resolve("one"));
        store.publish(staged(Map.of("one", "1", "two", "2")));
        assertThat(directory.resolve("one")).hasContent("1");
    }

    @Test
    void deletesNothingButArtifacts() throws IOException {
        String digest = store.publish(staged(Map.of("one", "1"))).digest();
        store.delete(digest);
        assertThat(store.list()).isEmpty();
        assertThatThrownBy(() -> store.delete("../work")).isInstanceOf(IllegalArgumentException.class);
    }
}
