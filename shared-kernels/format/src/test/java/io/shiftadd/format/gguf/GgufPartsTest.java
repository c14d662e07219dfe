package io.shiftadd.format.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that gguf-split has divided into several files. */
class GgufPartsTest {

    @TempDir
    Path directory;

    private Path part(int number, int count) {
        return directory.resolve("model-Q8_0-%05d-of-%05d.gguf".formatted(number, count));
    }

    private static GgufBytes part(int number, int count, String tensor, float... values) {
        GgufBytes part = new GgufBytes().integer("split.no", number - 1).integer("split.count", count);
        if (number == 1) {
            part.text("general.architecture", "llama").integer("llama.attention.head_count", 1);
        }
        return part.tensor(tensor, new long[] {1, values.length}, values);
    }

    private void writeAll() throws IOException {
        part(1, 3, "token_embd.weight", 1, 2).write(part(1, 3));
        part(2, 3, "output.weight", 3, 4).write(part(2, 3));
        part(3, 3, "blk.0.attn_v.weight", 5).write(part(3, 3));
    }

    @Test
    void partsAreOneCheckpointWhicheverIsNamed() throws IOException {
        writeAll();
        for (Path path : new Path[] {directory, part(1, 3), part(3, 3)}) {
            try (Checkpoint checkpoint = Checkpoint.open(path)) {
                assertThat(checkpoint.names())
                        .containsExactlyInAnyOrder("token_embd.weight", "output.weight", "blk.0.attn_v.weight");
                assertThat(checkpoint.tensor("output.weight").toFloatArray()).containsExactly(3, 4);
                float[] row = new float[1];
                checkpoint.rows("blk.0.attn_v.weight").copyRow(0, row, 0);
                assertThat(row).containsExactly(5);
            }
        }
    }

    @Test
    void aMissingPartIsNamed() throws IOException {
        writeAll();
        Files.delete(part(2, 3));
        assertRejected("part 2 of 3 is missing");
    }

    @Test
    void partsMustBeInTheOrderOfTheirNames() throws IOException {
        writeAll();
        part(3, 3, "output.weight", 3, 4).write(part(2, 3));
        assertRejected("says that it is part 3");
    }

    @Test
    void aTensorIsInOnePart() throws IOException {
        writeAll();
        part(3, 3, "output.weight", 3, 4).write(part(3, 3));
        assertRejected("'output.weight', as another part has");
    }

    @Test
    void aPartByAnotherNameIsRejected() throws IOException {
        part(1, 3, "token_embd.weight", 1, 2).write(directory.resolve("model.gguf"));
        assertRejected("one of 3 parts");
    }

    @Test
    void twoModelsAreNotOne() throws IOException {
        writeAll();
        part(1, 1, "token_embd.weight", 1).write(directory.resolve("other.gguf"));
        assertRejected("4 GGUF files");
    }

    private void assertRejected(String message) {
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> Checkpoint.open(directory))
                .withMessageContaining(message);
    }
}
