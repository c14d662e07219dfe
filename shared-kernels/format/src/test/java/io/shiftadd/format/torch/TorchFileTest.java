package io.shiftadd.format.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.DType;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.TensorView;
import io.shiftadd.format.contents.ModelContents;
import io.shiftadd.format.contents.NotFiniteWeight;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against files that torch.save wrote (make_torch.py), and against pickles that nobody honest writes. */
class TorchFileTest {

    private static final long[] PAIR = {2};

    @TempDir
    Path directory;

    private static Path saved(String name) {
        return Path.of(Objects.requireNonNull(TorchFileTest.class.getResource("/torch/" + name))
                .getPath());
    }

    @ParameterizedTest
    @ValueSource(strings = {"state", "module"})
    void readsWhatPyTorchSaved(String name) {
        try (Checkpoint torch = Checkpoint.open(saved(name + ".bin"));
                Checkpoint expected = Checkpoint.open(saved(name + ".safetensors"))) {
            assertThat(torch.names()).isEqualTo(expected.names());
            for (String tensor : expected.names()) {
                TensorView view = torch.tensor(tensor);
                assertThat(view.dtype())
                        .as(tensor)
                        .isEqualTo(expected.tensor(tensor).dtype());
                assertThat(view.shape())
                        .as(tensor)
                        .isEqualTo(expected.tensor(tensor).shape());
                assertThat(view.toByteArray())
                        .as(tensor)
                        .isEqualTo(expected.tensor(tensor).toByteArray());
                assertThat(torch.type(tensor).shape()).isEqualTo(view.shape());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        evil.bin         | posix.system, which could run code
        whole-module.bin | names torch.nn.modules.linear.Linear, which could run code
        legacy.bin       | what older versions wrote is not read
        """)
    void refusesWhatIsNoDictionaryOfTensors(String name, String message) {
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> Checkpoint.open(saved(name)))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "os system",
                "builtins eval",
                "torch load",
                "collections Counter",
                "torch._utils _rebuild_qtensor"
            })
    void refusesEveryOtherGlobal(String global) throws IOException {
        String[] parts = global.split(" ");
        rejected(new TorchBytes().text("a").global(parts[0], parts[1]))
                .withMessageContaining("names " + global.replace(' ', '.'));
    }

    @Test
    void refusesEveryOtherOpcode() throws IOException {
        String known = "(NKMJGXcqrhj}])taesuQRb.";
        for (int opcode = 0; opcode < 256; opcode++) {
            boolean used = known.indexOf(opcode) >= 0 || opcode >= 0x85 && opcode <= 0x8A;
            if (!used) {
                rejected(new TorchBytes().opcodes(opcode, 0, 0, 0, 0, 0, 0, 0, 0))
                        .withMessageContaining("opcode 0x");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        3, 0, 2, 1
        2, 1, 2, 1
        2, -1, 2, 1
        2, 0, -2, 1
        2, 0, 2, -1
        2, 0, 2, 2
        2, 9223372036854775807, 2, 1
        2, 0, 3037000500, 3037000500
        2, 0, 9223372036854775807, 0
        """)
    void refusesTensorsBeyondTheirStorage(long count, long offset, long size, long stride) throws IOException {
        TorchBytes bytes = new TorchBytes().record("data/s", new byte[8]);
        rejected(bytes.view("a", DType.F32, "s", count, offset, new long[] {size}, new long[] {stride}));
    }

    @Test
    void aStorageIsOfOneType() throws IOException {
        TorchBytes bytes = new TorchBytes().record("data/s", new byte[4]);
        bytes.view("a", DType.F16, "s", 2, 0, PAIR, new long[] {1});
        rejected(bytes.view("b", DType.BF16, "s", 2, 0, PAIR, new long[] {1})).withMessageContaining("two types");
    }

    @Test
    void refusesMissingStorages() throws IOException {
        rejected(new TorchBytes().view("a", DType.F32, "s", 2, 0, PAIR, new long[] {1}))
                .withMessageContaining("is missing");
    }

    @Test
    void refusesNamesGivenTwiceAndBigEndianFiles() throws IOException {
        TensorView tensor = TensorView.ofFloats("a", PAIR, new float[] {1, 2});
        rejected(new TorchBytes().tensor(tensor).tensor(tensor)).withMessageContaining("twice");
        rejected(new TorchBytes().tensor(tensor).record("byteorder", "big".getBytes()))
                .withMessageContaining("endian");
    }

    @Test
    void aDictionaryThatContainsItselfEndsTheReading() throws IOException {
        // d = {}; d['a'] = d; memo[0] = d, repeated
        byte[] file = new TorchBytes()
                .opcodes('(', ']', 'q', 0, 'h', 0, 'a', 't', '0')
                .archive();
        Files.write(directory.resolve("pytorch_model.bin"), file);
        assertRejected();
    }

    @Test
    void aModelMayBePickledWholeOrInShards() throws IOException {
        TensorView a = TensorView.ofFloats("a", PAIR, new float[] {1, 2});
        TensorView b = TensorView.ofFloats("b", new long[] {1}, new float[] {3});
        Files.write(
                directory.resolve("pytorch_model-00001-of-00002.bin"),
                new TorchBytes().tensor(a).archive());
        Files.write(
                directory.resolve("pytorch_model-00002-of-00002.bin"),
                new TorchBytes().tensor(b).archive());
        Files.writeString(directory.resolve("pytorch_model.bin.index.json"), """
                {"weight_map": {"a": "pytorch_model-00001-of-00002.bin", "b": "pytorch_model-00002-of-00002.bin"}}""");
        assertThat(ModelContents.files(directory)).hasSize(3);
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.names()).containsExactly("a", "b");
            assertThat(checkpoint.tensor("b").toFloatArray()).containsExactly(3);
        }
        Files.write(
                directory.resolve("pytorch_model.bin"),
                new TorchBytes().tensor(b).archive());
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.names()).containsExactly("b");
        }
    }

    @Test
    void whereThereAreOtherWeightsNobodyReadsPickles() throws IOException {
        TensorView a = TensorView.ofFloats("a", PAIR, new float[] {1, 2});
        Files.write(directory.resolve("pytorch_model.bin"), new byte[] {1});
        new SafetensorsWriter(Map.of()).add(a).write(directory.resolve("model.safetensors"));
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.names()).containsExactly("a");
        }
        assertThat(ModelContents.files(directory)).containsExactly(directory.resolve("model.safetensors"));
    }

    @Test
    void findsWeightsThatAreNoNumbersUnderEveryName() throws IOException {
        byte[] data = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1)
                .putFloat(Float.NaN)
                .array();
        TorchBytes bytes = new TorchBytes().record("data/s", data);
        bytes.view("embedding", DType.F32, "s", 2, 0, PAIR, new long[] {1});
        bytes.view("head", DType.F32, "s", 2, 0, PAIR, new long[] {1});
        Files.write(directory.resolve("pytorch_model.bin"), bytes.archive());
        ModelContents contents = ModelContents.read(directory, _ -> {});
        assertThat(contents.notFinite()).extracting(NotFiniteWeight::tensor).containsExactly("embedding", "head");
    }

    private ThrowableAssertAlternative<FormatException> rejected(TorchBytes bytes) throws IOException {
        Files.write(directory.resolve("pytorch_model.bin"), bytes.archive());
        return assertRejected();
    }

    private ThrowableAssertAlternative<FormatException> assertRejected() {
        return assertThatExceptionOfType(FormatException.class).isThrownBy(() -> Checkpoint.open(directory));
    }
}
