package io.shiftadd.format.contents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.DType;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.safetensors.SafetensorsBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelContentsTest {

    private static final ModelContents.Progress SILENT = _ -> {};

    @TempDir
    private Path directory;

    private Path write(String name, byte[] bytes) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    private String digest() {
        return ModelContents.read(directory, SILENT).digest();
    }

    @Test
    void anyChangeOfANameALengthOrAByteChangesTheDigest() throws IOException {
        Random random = new Random(7);
        String[] names = {"config.json", "tokenizer.json", "a.safetensors", "a b.safetensors", ".gguf", "é.gguf"};
        for (String name : names) {
            byte[] bytes = new byte[40];
            random.nextBytes(bytes);
            write(name, bytes);
        }
        Set<String> seen = new HashSet<>(Set.of(digest()));
        for (String name : names) {
            Path file = directory.resolve(name);
            byte[] before = Files.readAllBytes(file);
            for (int i = 0; i < before.length; i += 7) {
                byte[] flipped = before.clone();
                flipped[i] ^= 1;
                Files.write(file, flipped);
                assertThat(seen.add(digest())).as("%s, byte %d", name, i).isTrue();
            }
            Files.write(file, java.util.Arrays.copyOf(before, before.length - 1));
            assertThat(seen.add(digest())).as("%s, shorter", name).isTrue();
            Files.write(file, java.util.Arrays.copyOf(before, before.length + 1));
            assertThat(seen.add(digest())).as("%s, longer", name).isTrue();
            Files.delete(file);
            assertThat(seen.add(digest())).as("%s, removed", name).isTrue();
            Files.write(file, before);
            Path moved = Files.move(file, directory.resolve("x" + seen.size() + ".safetensors"));
            assertThat(seen.add(digest())).as("%s, renamed", name).isTrue();
            Files.move(moved, file);
        }
        assertThat(seen).contains(digest());
    }

    /** Names, lengths and contents that could be read as each other if they were only joined. */
    @Test
    void noTwoDifferentListsOfFilesShareADigest() {
        Random random = new Random(11);
        String[] parts = {"a", "\n", "  ", "0".repeat(64), ".safetensors", "/", "1", "ä"};
        String[] hashes = {"0".repeat(64), "a".repeat(64), "30".repeat(32)};
        Map<String, Object> known = new HashMap<>();
        for (int round = 0; round < 20_000; round++) {
            Map<String, List<Object>> files = new TreeMap<>();
            List<ModelContents.Entry> entries = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                StringBuilder name = new StringBuilder();
                for (int j = random.nextInt(4); j >= 0; j--) {
                    name.append(parts[random.nextInt(parts.length)]);
                }
                long size = random.nextInt(3);
                String hash = hashes[random.nextInt(hashes.length)];
                if (files.put(name.toString(), List.of(size, hash)) == null) {
                    entries.add(new ModelContents.Entry(name.toString(), size, hash));
                }
            }
            entries.removeIf(entry -> !files.get(entry.path()).equals(List.of(entry.sizeBytes(), entry.sha256())));
            Map<String, Object> list = new TreeMap<>();
            entries.forEach(entry -> list.put(entry.path(), List.of(entry.sizeBytes(), entry.sha256())));
            Object before = known.putIfAbsent(ModelContents.digestOf(entries), list);
            assertThat(before == null || before.equals(list))
                    .as("%s and %s", before, list)
                    .isTrue();
        }
    }

    @Test
    void namesWithCharactersThatAreNotSeenAreRefusedByTheCharacter() throws IOException {
        for (int c : new int[] {'\n', 0x1B, 0x7F, 0x202E, 0x200F, 0x2028}) {
            Path file = write("a" + Character.toString(c) + "b.safetensors", new byte[8]);
            assertThatThrownBy(() -> ModelContents.files(directory))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("U+%04X".formatted(c));
            Files.delete(file);
        }
    }

    @Test
    void doesNotDependOnTheOrderOfTheList() {
        ModelContents.Entry a = new ModelContents.Entry("a", 1, "a".repeat(64));
        ModelContents.Entry b = new ModelContents.Entry("b", 1, "b".repeat(64));
        assertThat(ModelContents.digestOf(List.of(a, b))).isEqualTo(ModelContents.digestOf(List.of(b, a)));
    }

    @Test
    void whatNobodyReadsDoesNotCount() throws IOException {
        write("config.json", "{}".getBytes());
        write("x.gguf", new byte[3]);
        String before = digest();
        write("README.md", "hello".getBytes());
        write("manifest.json", "{}".getBytes());
        write("w/model.safetensors", new byte[9]);
        write("pytorch_model.bin", new byte[9]);
        assertThat(digest()).isEqualTo(before);
    }

    @Test
    void aShardInASubFolderIsRefusedByWhoeverReadsIt() throws IOException {
        byte[] shard = SafetensorsBytes.of("{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4);
        for (String name : List.of("w/x.safetensors", "x.bin", "w/x.bin", "./x.safetensors")) {
            write(name, shard);
            write("model.safetensors.index.json", ("{\"weight_map\":{\"t\":\"" + name + "\"}}").getBytes());
            assertThatThrownBy(() -> Checkpoint.open(directory))
                    .as(name)
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining(name)
                    .hasMessageContaining("beside its index");
        }
    }

    @Test
    void allPartsOfASplitGgufCount() throws IOException {
        Path first = write("m-00001-of-00002.gguf", new byte[3]);
        Path second = write("m-00002-of-00002.gguf", new byte[4]);
        assertThat(ModelContents.files(first)).containsExactly(first, second);
        assertThat(ModelContents.files(second)).containsExactly(first, second);
        Path other = write("other.gguf", new byte[4]);
        assertThat(ModelContents.files(other)).containsExactly(other);
    }

    private void manifest(String... names) throws IOException {
        List<String> entries = new ArrayList<>();
        for (String name : names) {
            byte[] bytes = Files.readAllBytes(directory.resolve(name));
            entries.add(
                    "{\"path\":\"%s\",\"size\":%d,\"sha256\":\"%s\"}".formatted(name, bytes.length, Sha256.of(bytes)));
        }
        write(
                "manifest.json",
                "{\"format\":\"shiftadd-artifact\",\"version\":1,\"files\":[%s]}"
                        .formatted(String.join(",", entries))
                        .getBytes());
    }

    @Test
    void anArtifactIsNamedByItsManifestWhenEveryFileIsAsItSays() throws IOException {
        write("config.json", "{}".getBytes());
        write("LICENSE", "free".getBytes());
        manifest("config.json", "LICENSE");
        assertThat(ModelContents.readArtifact(directory, SILENT).digest())
                .isEqualTo(Sha256.of(Files.readAllBytes(directory.resolve("manifest.json"))));

        write("config.json", "[]".getBytes());
        assertThatThrownBy(() -> ModelContents.readArtifact(directory, SILENT))
                .hasMessageContaining("config.json")
                .hasMessageContaining("SHA-256");
        write("config.json", "{}".getBytes());
        ModelContents.readArtifact(directory, SILENT);

        write("chat_template.jinja", "ignore what was said".getBytes());
        assertThatThrownBy(() -> ModelContents.readArtifact(directory, SILENT))
                .hasMessageContaining("chat_template.jinja")
                .hasMessageContaining("does not list it");
    }

    @Test
    void aManifestListsEachFileOnceAndNoneOutside() throws IOException {
        write("config.json", "{}".getBytes());
        manifest("config.json", "config.json");
        assertThatThrownBy(() -> ModelContents.readArtifact(directory, SILENT)).hasMessageContaining("once");
        for (String path : List.of("../x", "/etc/passwd", "a//b", "", ".", "manifest.json")) {
            write(
                    "manifest.json",
                    ("{\"format\":\"shiftadd-artifact\",\"version\":1,\"files\":[{\"path\":\"" + path
                                    + "\",\"size\":1,\"sha256\":\"" + "0".repeat(64) + "\"}]}")
                            .getBytes());
            assertThatThrownBy(() -> ModelContents.readArtifact(directory, SILENT))
                    .as(path)
                    .isInstanceOf(FormatException.class);
        }
    }

    private void tensor(String dtype, int count, byte[] data) throws IOException {
        String header = "{\"t\":{\"dtype\":\"%s\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
                .formatted(dtype, count, data.length);
        byte[] file = SafetensorsBytes.of(header, data.length);
        System.arraycopy(data, 0, file, file.length - data.length, data.length);
        write("model.safetensors", file);
    }

    /** Every exponent, in every place of eight bytes and at the ends of what is read at a time. */
    @Test
    void findsTheFirstWeightThatIsNoNumberWhereverItIs() throws IOException {
        int count = 3 * (1 << 19) / 2 + 5;
        Random random = new Random(3);
        byte[] data = new byte[2 * count];
        ByteBuffer values = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            values.putShort(2 * i, (short) (random.nextInt(0x7C00) | random.nextInt(2) << 15));
        }
        tensor("F16", count, data);
        assertThat(ModelContents.read(directory, SILENT).notFinite()).isEmpty();
        for (int at : new int[] {0, 1, 2, 3, 4, (1 << 19) - 1, 1 << 19, count - 5, count - 1}) {
            for (int bits : new int[] {0x7C00, 0xFC00, 0x7E00, 0xFFFF}) {
                short before = values.getShort(2 * at);
                values.putShort(2 * at, (short) bits);
                tensor("F16", count, data);
                List<NotFiniteWeight> found =
                        ModelContents.read(directory, SILENT).notFinite();
                assertThat(found).hasSize(1);
                assertThat(found.getFirst().index()).isEqualTo(at);
                assertThat(found.getFirst().tensor()).isEqualTo("t");
                values.putShort(2 * at, before);
            }
        }
    }

    @Test
    void findsThemInEveryFloatingPointTypeAndInBlocks() throws IOException {
        for (String dtype : List.of("F32", "BF16", "F16", "F64")) {
            int bytes = DType.valueOf(dtype).bytes();
            byte[] data = new byte[37 * bytes];
            ByteBuffer values = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
            tensor(dtype, 37, data);
            assertThat(ModelContents.read(directory, SILENT).notFinite())
                    .as(dtype)
                    .isEmpty();
            switch (dtype) {
                case "F32" -> values.putFloat(4 * 36, Float.NaN);
                case "BF16" -> values.putShort(2 * 36, (short) 0x7F80);
                case "F16" -> values.putShort(2 * 36, (short) 0x7C00);
                default -> values.putDouble(8 * 36, 1e300);
            }
            tensor(dtype, 37, data);
            ModelContents contents = ModelContents.read(directory, SILENT);
            assertThat(contents.notFinite().getFirst().index()).as(dtype).isEqualTo(36);
            contents.requireFinite(Set.of("another"));
            assertThatThrownBy(() -> contents.requireFinite(Set.of("t")))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("model.safetensors")
                    .hasMessageContaining("tensor 't'")
                    .hasMessageContaining("element 36");
        }
        byte[] blocks = new byte[3 * 18];
        WeightScan q4 = WeightScan.of(io.shiftadd.format.ggml.BlockFormat.Q4_0);
        assertThat(q4.first(blocks, blocks.length)).isEmpty();
        blocks[2 * 18 + 1] = 0x7C;
        assertThat(q4.first(blocks, blocks.length))
                .hasValueSatisfying(found -> assertThat(found.index()).isEqualTo(64));
    }

    @Test
    void tellsWhoReadsHowMuchAndLetsHimStop() throws IOException {
        write("model.safetensors", new byte[3 << 20]);
        List<Long> read = new ArrayList<>();
        ModelContents.read(directory, read::add);
        assertThat(read.stream().mapToLong(Long::longValue).sum()).isEqualTo(3 << 20);
        assertThatThrownBy(() -> ModelContents.read(directory, _ -> {
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");
    }
}
