package io.shiftadd.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shiftadd.SharedFiles;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {

    @TempDir
    Path directory;

    private void shard(String file, String... names) {
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        for (String name : names) {
            writer.add(name, DType.U8, new long[] {1}, new byte[] {(byte) name.charAt(0)});
        }
        writer.write(directory.resolve(file));
    }

    private void index(Map<String, ?> weightMap) throws IOException {
        Files.writeString(
                directory.resolve("model.safetensors.index.json"), ModelJson.write(Map.of("weight_map", weightMap)));
    }

    private ThrowableAssertAlternative<FormatException> assertRejected() {
        return assertThatExceptionOfType(FormatException.class).isThrownBy(() -> Checkpoint.open(directory));
    }

    @Test
    void readsTensorsOfAllShards() throws IOException {
        shard("1.safetensors", "a", "b");
        shard("2.safetensors", "c");
        index(Map.of("a", "1.safetensors", "b", "1.safetensors", "c", "2.safetensors"));
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.names()).containsExactlyInAnyOrder("a", "b", "c");
            assertThat(checkpoint.tensor("c").toByteArray()).containsExactly('c');
        }
    }

    @Test
    void readsAModelInFourteenShards() {
        Path model = SharedFiles.require("references/variants/llama-gqa");
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            assertThat(checkpoint.contains("model.embed_tokens.weight")).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../1.safetensors",
                "/tmp/1.safetensors",
                "x/../1.safetensors",
                "..",
                "",
                "C:\\1.safetensors",
                "a\\b"
            })
    void rejectsShardNamesThatLeaveTheDirectory(String name) throws IOException {
        index(Map.of("a", name));
        assertRejected().withMessageContaining("names the shard");
    }

    @Test
    void rejectsShardNamesWithNul() throws IOException {
        index(Map.of("a", "1\0.safetensors"));
        assertRejected().withMessageContaining("names the shard");
    }

    @Test
    void rejectsLinksThatLeaveTheDirectory(@TempDir Path elsewhere) throws IOException {
        shard("1.safetensors", "a");
        Path target = Files.move(directory.resolve("1.safetensors"), elsewhere.resolve("1.safetensors"));
        Files.createSymbolicLink(directory.resolve("1.safetensors"), target);
        index(Map.of("a", "1.safetensors"));
        assertRejected().withMessageContaining("link");
    }

    @Test
    void rejectsMissingShard() throws IOException {
        index(Map.of("a", "1.safetensors"));
        assertRejected().withMessageContaining("missing");
    }

    @Test
    void rejectsTensorInTwoShards() throws IOException {
        shard("1.safetensors", "a", "b");
        shard("2.safetensors", "c", "b");
        index(Map.of("a", "1.safetensors", "b", "1.safetensors", "c", "2.safetensors"));
        assertRejected().withMessageContaining("'b' is in both");
    }

    @Test
    void rejectsTensorInNoShard() throws IOException {
        shard("1.safetensors", "a");
        index(Map.of("a", "1.safetensors", "b", "1.safetensors"));
        assertRejected().withMessageContaining("'b'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "[]", "{\"weight_map\":{}}", "{\"weight_map\":{\"a\":1}}", "{\"weight_map\":[]}", "", "{"})
    void rejectsIndexWithoutWeightMap(String json) throws IOException {
        Files.writeString(directory.resolve("model.safetensors.index.json"), json);
        assertRejected();
    }

    @ParameterizedTest
    @ValueSource(strings = {"consolidated.00.pth", "model.ckpt"})
    void saysHowToConvertPickles(String name) throws IOException {
        Files.write(directory.resolve(name), new byte[] {1});
        assertRejected().withMessageContaining("safe_serialization=True");
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> Checkpoint.open(directory.resolve(name)))
                .withMessageContaining("safe_serialization=True");
    }

    @Test
    void rejectsDirectoryWithoutWeights() {
        assertRejected().withMessageContaining("no weights");
    }

    @Test
    void rejectsSeveralFilesWithoutIndex() {
        shard("1.safetensors", "a");
        shard("2.safetensors", "b");
        assertRejected().withMessageContaining("2 safetensors files");
    }

    @Test
    void takesTheOnlyFileWhateverItsName() {
        shard("weights.safetensors", "a");
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.names()).containsExactly("a");
        }
    }

    @Test
    void rejectsWhatDoesNotExist() {
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> Checkpoint.open(directory.resolve("nowhere")))
                .withMessageContaining("does not exist");
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> Checkpoint.open(directory.resolve("nowhere.safetensors")))
                .withMessageContaining("does not exist");
    }
}
