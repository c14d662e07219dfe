package io.shiftadd.format.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.format.FloatTensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GgufWriterTest {

    @TempDir
    private Path directory;

    private static FloatTensor matrix(String name, float[] values, int columns) {
        return new FloatTensor(
                name,
                new long[] {values.length / columns, columns},
                (row, target) -> System.arraycopy(values, (int) row * columns, target, 0, columns));
    }

    private static float[] values(int count) {
        Random random = new Random(9);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian() * (i % 7 == 0 ? 20 : 0.1f);
        }
        return values;
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "Q8_0"})
    void tensorsAreReadAsTheyWereWritten(GgmlType type) {
        float[] values = values(5 * 96);
        Path file = directory.resolve("file.gguf");
        new GgufWriter()
                .put("general.architecture", "none")
                .add(matrix("blk.0.attn_q.weight", values, 96), type)
                .add(FloatTensor.of("output_norm.weight", new float[] {1, 2, 3}), GgmlType.F32)
                .write(file);
        try (GgufParts read = GgufParts.open(file)) {
            float[] actual =
                    GgufExpansion.of(read.tensors().get("blk.0.attn_q.weight")).toFloatArray();
            for (int block = 0; block < values.length; block += 32) {
                float largest = 0;
                for (int i = block; i < block + 32; i++) {
                    largest = Math.max(largest, Math.abs(values[i]));
                }
                // half a step, and what float16 takes of the step
                float error = type == GgmlType.F32 ? 0 : type == GgmlType.F16 ? largest / 2048 : largest / 127 * 0.57f;
                for (int i = block; i < block + 32; i++) {
                    assertThat(actual[i]).isCloseTo(values[i], within(error));
                }
            }
            assertThat(GgufExpansion.of(read.tensors().get("output_norm.weight"))
                            .toFloatArray())
                    .containsExactly(1, 2, 3);
        }
    }

    @Test
    void metadataIsReadAsItWasWritten() {
        Path file = directory.resolve("file.gguf");
        new GgufWriter()
                .put("text", "naïve ▁ 中")
                .put("flag", true)
                .put("number", 42)
                .put("float", 1e-5f)
                .put("texts", List.of("", "a", "▁b"))
                .put("numbers", new int[] {3, -1})
                .put("floats", new float[] {-0.5f, 2})
                .write(file);
        try (GgufParts read = GgufParts.open(file)) {
            GgufMetadata metadata = read.metadata();
            assertThat(metadata.text("text")).hasValue("naïve ▁ 中");
            assertThat(metadata.flag("flag")).hasValue(true);
            assertThat(metadata.integer("number")).hasValue(42);
            assertThat(metadata.number("float")).hasValue(1e-5);
            assertThat(metadata.texts("texts")).containsExactly("", "a", "▁b");
            assertThat(metadata.integers("numbers")).containsExactly(3, -1);
            assertThat(metadata.numbers("floats")).containsExactly(-0.5, 2);
        }
    }

    @Test
    void whatItCannotWriteLeavesNothingBehind() throws Exception {
        GgufWriter writer = new GgufWriter().add(matrix("m", new float[] {1e6f, 1}, 2), GgmlType.F16);
        Path file = directory.resolve("file.gguf");
        assertThatThrownBy(() -> writer.write(file))
                .hasMessageContaining("'m' has 1000000.0, which float16 cannot hold");
        assertThatThrownBy(() -> new GgufWriter().add(matrix("m", new float[33], 33), GgmlType.Q8_0))
                .hasMessageContaining("33 elements");
        assertThat(Files.list(directory)).isEmpty();
    }
}
