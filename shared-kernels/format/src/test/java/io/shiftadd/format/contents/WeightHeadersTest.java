package io.shiftadd.format.contents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.TensorView;
import io.shiftadd.format.gguf.GgufBytes;
import io.shiftadd.format.gguf.GgufFile;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import io.shiftadd.format.torch.TorchBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightHeadersTest {

    private static final int ELEMENTS = 5_000_000;

    @TempDir
    Path directory;

    /** Counts what is read of a file. */
    private static final class Counted implements WeightHeaders.Source {
        private final byte[] file;
        private long read;

        Counted(byte[] file) {
            this.file = file;
        }

        @Override
        public long size() {
            return file.length;
        }

        @Override
        public byte[] read(long from, int count) {
            read += count;
            return Arrays.copyOfRange(file, (int) from, (int) from + count);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "model.gguf", "pytorch_model.bin"})
    void aCopyOfTheHeadersTellsNamesAndShapes(String name) throws IOException {
        Path original = Files.createDirectories(directory.resolve("original")).resolve(name);
        write(original);
        Counted source = new Counted(Files.readAllBytes(original));
        Path copy = Files.createDirectories(directory.resolve("copy")).resolve(name);
        WeightHeaders.copy(source, copy);
        assertThat(source.read).as("bytes read").isLessThan(5_000_000);
        assertThat(Files.size(copy)).isEqualTo(source.size());
        try (Checkpoint expected = Checkpoint.open(original);
                Checkpoint actual = Checkpoint.open(copy)) {
            assertThat(actual.names()).isEqualTo(expected.names()).hasSize(3);
            for (String tensor : expected.names()) {
                assertThat(actual.type(tensor).dtype())
                        .isEqualTo(expected.type(tensor).dtype());
                assertThat(actual.type(tensor).shape())
                        .isEqualTo(expected.type(tensor).shape());
            }
        }
    }

    @Test
    void aHeaderThatIsLongerThanTheFirstPartIsReadToItsEnd() throws IOException {
        Path original = directory.resolve("long.gguf");
        GgufBytes bytes = new GgufBytes()
                .text("general.architecture", "unknown")
                .texts("tokenizer.ggml.tokens", Collections.nCopies(700_000, "token"));
        bytes.tensor("a", new long[] {2}, new float[] {1, 2}).write(original);
        Path copy = directory.resolve("copy.gguf");
        WeightHeaders.copy(new Counted(Files.readAllBytes(original)), copy);
        try (GgufFile gguf = GgufFile.open(copy)) {
            assertThat(gguf.names()).containsExactly("a");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.gguf", "pytorch_model.bin"})
    void whatHasNoSuchHeaderIsRefusedAndLeavesNothing(String name) {
        Path copy = directory.resolve(name);
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> WeightHeaders.copy(new Counted(new byte[1000]), copy));
        assertThat(copy).doesNotExist();
    }

    private static void write(Path file) throws IOException {
        TensorView large = TensorView.ofFloats("large", new long[] {ELEMENTS / 100, 100}, new float[ELEMENTS]);
        TensorView small = TensorView.ofFloats("small", new long[] {3}, new float[] {1, 2, 3});
        TensorView other = TensorView.ofFloats("other", new long[] {1, 1}, new float[] {4});
        String name = file.toString();
        if (name.endsWith(".gguf")) {
            GgufBytes bytes = new GgufBytes().text("general.architecture", "unknown");
            for (TensorView tensor : new TensorView[] {large, small, other}) {
                bytes.tensor(tensor.name(), tensor.shape(), tensor.toFloatArray());
            }
            bytes.write(file);
        } else if (name.endsWith(".bin")) {
            Files.write(
                    file,
                    new TorchBytes().tensor(large).tensor(small).tensor(other).archive());
        } else {
            new SafetensorsWriter(Map.of()).add(large).add(small).add(other).write(file);
        }
    }
}
