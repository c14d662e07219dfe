package io.shiftadd.format.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.SharedFiles;
import io.shiftadd.format.DType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {

    private static final float[] VALUES = {0f, -0f, 1f, -1.5f, 65504f, 1e-8f, Float.NaN, Float.NEGATIVE_INFINITY};

    @TempDir
    Path directory;

    @Test
    void readsBackWhatItWrote() {
        Path file = directory.resolve("a.safetensors");
        byte[] bytes = {1, 2, 3};
        new SafetensorsWriter(Map.of("format", "pt"))
                .add("full", DType.F32, new long[] {2, 4}, VALUES)
                .add("half", DType.F16, new long[] {8}, VALUES)
                .add("bytes", DType.U8, new long[] {3, 1}, bytes)
                .add("double", DType.F64, new long[] {8}, VALUES)
                .write(file);
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.metadata()).containsExactly(Map.entry("format", "pt"));
            assertThat(read.tensor("full").toFloatArray()).containsExactly(VALUES);
            assertThat(read.tensor("full").shape()).containsExactly(2, 4);
            assertThat(read.tensor("double").toFloatArray()).containsExactly(VALUES);
            assertThat(read.tensor("half").toFloatArray())
                    .containsExactly(0f, -0f, 1f, -1.5f, 65504f, 0f, Float.NaN, Float.NEGATIVE_INFINITY);
            assertThat(read.tensor("bytes").toByteArray()).containsExactly(bytes);
        }
    }

    @Test
    void roundsToTheNearestBfloat16() {
        Path file = directory.resolve("a.safetensors");
        Random random = new Random(7);
        float[] values = new float[10_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat(random.nextInt());
        }
        new SafetensorsWriter(Map.of())
                .add("a", DType.BF16, new long[] {values.length}, values)
                .write(file);
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            float[] rounded = read.tensor("a").toFloatArray();
            for (int i = 0; i < values.length; i++) {
                float below = Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) & 0xffff0000);
                float above = Float.intBitsToFloat((Float.floatToRawIntBits(values[i]) & 0xffff0000) + 0x10000);
                if (Float.isNaN(values[i])) {
                    assertThat(rounded[i]).isNaN();
                } else if (Float.isFinite(above)) {
                    double error = Math.abs((double) rounded[i] - values[i]);
                    assertThat(error)
                            .isLessThanOrEqualTo(Math.abs((double) below - values[i]))
                            .isLessThanOrEqualTo(Math.abs((double) above - values[i]));
                }
            }
        }
    }

    @Test
    void makesTheSameBytesWhateverTheOrderOfDeclaration() throws IOException {
        Path one = directory.resolve("one.safetensors");
        Path other = directory.resolve("other.safetensors");
        new SafetensorsWriter(Map.of("a", "1", "b", "2"))
                .add("x", DType.F16, new long[] {8}, VALUES)
                .add("y", DType.F32, new long[] {8}, VALUES)
                .write(one);
        new SafetensorsWriter(Map.of("b", "2", "a", "1"))
                .add("y", DType.F32, new long[] {8}, VALUES)
                .add("x", DType.F16, new long[] {8}, VALUES)
                .write(other);
        assertThat(one).hasSameBinaryContentAs(other);
        try (SafetensorsFile read = SafetensorsFile.open(one)) {
            assertThat(read.tensor("y").data().address() % 64).isZero();
        }
    }

    @Test
    void copiesARealModelUnchanged() {
        Path copy = directory.resolve("copy.safetensors");
        try (SafetensorsFile model = SafetensorsFile.open(SharedFiles.require("samples/opt-mini/model.safetensors"))) {
            SafetensorsWriter writer = new SafetensorsWriter(model.metadata());
            model.names().forEach(name -> writer.add(model.tensor(name)));
            writer.write(copy);
            try (SafetensorsFile read = SafetensorsFile.open(copy)) {
                assertThat(read.names()).isEqualTo(model.names());
                for (String name : model.names()) {
                    assertThat(read.tensor(name)
                                    .data()
                                    .mismatch(model.tensor(name).data()))
                            .as(name)
                            .isEqualTo(-1);
                }
            }
        }
    }

    @Test
    void leavesTheOldFileAndNoOtherWhenDataFails() throws IOException {
        Path file = Files.writeString(directory.resolve("a.safetensors"), "old");
        SafetensorsWriter writer = new SafetensorsWriter(Map.of()).add("x", DType.U8, new long[] {1}, sink -> {
            throw new IOException("disk full");
        });
        assertThatThrownBy(() -> writer.write(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseMessage("disk full");
        assertThat(file).hasContent("old");
        assertThat(directory.toFile().list()).containsExactly("a.safetensors");
    }

    @Test
    void rejectsDataOfAnotherLengthThanDeclared() {
        for (int length : new int[] {1, 3}) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> new SafetensorsWriter(Map.of())
                            .add("x", DType.U8, new long[] {2}, new byte[length])
                            .write(directory.resolve("a.safetensors")));
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void rejectsATakenName() {
        SafetensorsWriter writer = new SafetensorsWriter(Map.of()).add("x", DType.U8, new long[] {0}, new byte[0]);
        assertThatIllegalArgumentException().isThrownBy(() -> writer.add("x", DType.U8, new long[] {0}, new byte[0]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.add("__metadata__", DType.U8, new long[] {0}, new byte[0]));
    }
}
