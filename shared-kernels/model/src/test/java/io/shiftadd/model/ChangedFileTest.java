package io.shiftadd.model;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shiftadd.SharedFiles;
import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.FormatException;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.cache.TokenBatch;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody cuts a file short while it is mapped. */
class ChangedFileTest {

    @TempDir
    Path directory;

    private Path weights = Path.of("");

    @BeforeEach
    void copyModel() throws IOException {
        Path model = SharedFiles.repository().resolve("samples/llama-mini");
        for (String file : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(model.resolve(file), directory.resolve(file));
        }
        weights = directory.resolve("model.safetensors");
    }

    private void cutShort() throws IOException {
        try (FileChannel channel = FileChannel.open(weights, StandardOpenOption.WRITE)) {
            channel.truncate(8192);
        }
    }

    @Test
    void readingATensorFailsWithTheTypedException() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            cutShort();
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(() -> checkpoint
                            .names()
                            .forEach(name -> checkpoint.tensor(name).toFloatArray()))
                    .withMessageContaining("got shorter");
        }
    }

    @Test
    void theForwardPassFailsWithTheTypedException() throws IOException {
        try (CausalLanguageModel model = CausalLanguageModel.open(directory);
                KernelContext context = KernelContext.create(2)) {
            int[] ids = {1, 5, 9};
            float[] hidden = new float[ids.length * model.config().hiddenSize()];
            cutShort();
            for (int i = 0; i < 3; i++) {
                assertThatExceptionOfType(FormatException.class)
                        .isThrownBy(() -> model.forward(TokenBatch.of(model.newCache(8), ids), hidden, context))
                        .withMessageContaining("got shorter");
            }
        }
    }
}
