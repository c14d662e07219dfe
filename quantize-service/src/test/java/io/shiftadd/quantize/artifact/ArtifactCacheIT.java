package io.shiftadd.quantize.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.store.ArtifactCache;
import io.shiftadd.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactCacheIT {

    @TempDir
    private static Path directory;

    private static ObjectStorageServer server;
    private static ObjectStore store;

    @BeforeAll
    static void start() throws Exception {
        server = ObjectStorageServer.start(directory);
        store = new ObjectStore(server.settings("ours"));
    }

    @AfterAll
    static void stop() {
        store.close();
        server.close();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static void put(String key, byte[] content) throws IOException {
        Path file = Files.write(Files.createTempFile(directory, "object", null), content);
        store.put(key, file);
    }

    /** @return its digest */
    private static String publish(byte[] weights, String path) throws Exception {
        byte[] manifest = """
                {"files": [{"path": "%s", "size": %d, "sha256": "%s"}]}
                """.formatted(path, weights.length, sha256(weights)).getBytes(StandardCharsets.UTF_8);
        String digest = sha256(manifest);
        put(digest + "/weights.bin", weights);
        put(digest + "/manifest.json", manifest);
        return digest;
    }

    @Test
    void keepsObjectsUnderItsPrefix() throws Exception {
        put("kept/one", new byte[] {1, 2, 3});
        put("kept/two", new byte[] {4});
        assertThat(store.size("kept/one")).hasValue(3);
        assertThat(store.size("kept/none")).isEmpty();
        assertThat(store.list("kept/")).extracting(ObjectStore.Stored::key).containsExactly("kept/one", "kept/two");
        store.delete("kept/one");
        store.delete("kept/one");
        assertThat(store.list("kept/")).hasSize(1);
        assertThat(store.location("kept/two")).isEqualTo("s3://models/ours/kept/two");
        assertThat(store.keyOf("s3://models/ours/kept/two")).isEqualTo("kept/two");
        assertThatThrownBy(() -> store.keyOf("s3://other/kept/two")).hasMessageContaining("shiftadd.artifacts.s3");
    }

    @Test
    void bringsAnArtifactHereOnceAndReadOnly() throws Exception {
        byte[] weights = new byte[3 << 20];
        weights[17] = 1;
        String digest = publish(weights, "weights.bin");
        ArtifactCache cache = new ArtifactCache(directory.resolve("cache"), store);

        Path here = cache.fetch(store.location(digest));

        assertThat(here).isEqualTo(directory.resolve("cache").resolve(digest));
        assertThat(Files.readAllBytes(here.resolve("weights.bin"))).isEqualTo(weights);
        Files.delete(server.fileOf("ours/" + digest + "/weights.bin"));
        assertThat(cache.fetch(store.location(digest))).isEqualTo(here);
    }

    @Test
    void showsNothingOfADamagedArtifact() throws Exception {
        String digest = publish(new byte[1000], "weights.bin");
        put(digest + "/weights.bin", new byte[999]);
        Path root = directory.resolve("damaged");
        assertThatThrownBy(() -> new ArtifactCache(root, store).fetch(store.location(digest)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(digest + "/weights.bin has SHA-256")
                .hasMessageContaining("publish the model again");
        try (Stream<Path> left = Files.list(root)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void refusesAFileOutsideTheArtifact() throws Exception {
        String digest = publish(new byte[10], "../weights.bin");
        assertThatThrownBy(() -> new ArtifactCache(directory.resolve("outside"), store).fetch(store.location(digest)))
                .hasMessageContaining("outside the artifact");
    }

    @Test
    void saysWhatIsMissing() {
        String digest = "0".repeat(64);
        assertThatThrownBy(() -> new ArtifactCache(directory.resolve("none"), store).fetch(store.location(digest)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot read " + digest + "/manifest.json")
                .hasMessageContaining("See that it runs");
        assertThat(List.of(directory.resolve("none").toFile().list())).isEmpty();
    }
}
