package io.shiftadd.format.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.FuzzedInput;
import io.shiftadd.Mutations;
import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.DType;
import io.shiftadd.format.TensorView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Seeded, so that a failure repeats. */
@Timeout(120)
class SafetensorsFuzzTest {

    private static final int FILES = 30_000;

    private static final List<byte[]> SEEDS = List.of(
            SafetensorsBytes.of(
                    "{\"__metadata__\":{\"format\":\"pt\"},\"a\":{\"dtype\":\"F16\",\"shape\":[2,4],\"data_offsets\":[0,16]},"
                            + "\"b.weight\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[16,28]},"
                            + "\"c\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[28,36]}}   ",
                    36),
            SafetensorsBytes.of(
                    "{\"x\":{\"dtype\":\"BF16\",\"shape\":[0,7],\"data_offsets\":[0,0]},"
                            + "\"y\":{\"dtype\":\"U8\",\"shape\":[1,2,3],\"data_offsets\":[0,6]}}",
                    6),
            SafetensorsBytes.of("{}", 0));

    @TempDir
    Path directory;

    @Test
    void readsOrRefusesOtherBytes() throws IOException {
        Mutations mutations = new Mutations(11);
        Path file = directory.resolve("model.safetensors");
        int read = 0;
        for (int i = 0; i < FILES; i++) {
            byte[] seed = SEEDS.get(i % SEEDS.size());
            byte[] input = mutations.random().nextBoolean()
                    ? mutations.bytes(seed, SEEDS.get((i + 1) % SEEDS.size()))
                    : withOtherHeader(seed, mutations);
            FuzzedInput.write(file, input);
            read += FuzzedInput.readOrRefuse(input, () -> readAll(file)) ? 1 : 0;
        }
        assertThat(read).as("read, the others are refused").isBetween(FILES / 100, FILES * 9 / 10);
    }

    /** A header that is well-formed JSON, with a length that is right. */
    private static byte[] withOtherHeader(byte[] file, Mutations mutations) {
        int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        byte[] header = Arrays.copyOfRange(file, Long.BYTES, Long.BYTES + length);
        byte[] changed = mutations.json(header);
        return SafetensorsBytes.of(changed.length, changed, file.length - Long.BYTES - length);
    }

    private static void readAll(Path path) {
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            for (String name : checkpoint.names()) {
                TensorView tensor = checkpoint.tensor(name);
                tensor.toByteArray();
                if (tensor.dtype() == DType.F32 || tensor.dtype() == DType.F16 || tensor.dtype() == DType.BF16) {
                    tensor.toFloatArray();
                }
            }
        }
    }

    @Test
    void readsOrRefusesOtherIndexes() throws IOException {
        FuzzedInput.write(directory.resolve("a.safetensors"), SEEDS.get(0));
        FuzzedInput.write(directory.resolve("b.safetensors"), SEEDS.get(1));
        byte[] seed = """
                {"metadata": {"total_size": 42}, "weight_map": {"a": "a.safetensors", "b.weight": "a.safetensors",
                 "c": "a.safetensors", "x": "b.safetensors", "y": "b.safetensors"}}
                """.getBytes(StandardCharsets.UTF_8);
        Path index = directory.resolve("model.safetensors.index.json");
        Mutations mutations = new Mutations(12);
        for (int i = 0; i < 5_000; i++) {
            byte[] input = i % 2 == 0 ? mutations.json(seed) : mutations.bytes(seed, seed);
            FuzzedInput.write(index, input);
            FuzzedInput.readOrRefuse(input, () -> readAll(directory));
        }
    }
}
