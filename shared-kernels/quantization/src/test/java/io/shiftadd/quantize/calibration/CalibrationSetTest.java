package io.shiftadd.quantize.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.quantize.calibration.CalibrationSet.Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationSetTest {

    private static final Path SAMPLE = Path.of("../../samples/opt-mini");

    @TempDir
    private Path directory;

    @Test
    void randomWindowsAreTheTextsAndTheSeeds() {
        int[] tokens = IntStream.range(0, 1000).toArray();
        int[][] windows = TokenWindows.random(tokens, 20, 50, 4);
        assertThat(windows).hasDimensions(20, 50);
        for (int[] window : windows) {
            assertThat(window)
                    .isEqualTo(IntStream.range(window[0], window[0] + 50).toArray());
        }
        assertThat(TokenWindows.random(tokens, 20, 50, 4)).isDeepEqualTo(windows);
        assertThat(TokenWindows.random(tokens, 20, 50, 5)[0]).isNotEqualTo(windows[0]);
    }

    @Test
    void consecutiveWindowsLeaveOutTheRest() {
        int[][] windows = TokenWindows.consecutive(new int[] {0, 1, 2, 3, 4, 5, 6}, 9, 3);
        assertThat(windows).isDeepEqualTo(new int[][] {{0, 1, 2}, {3, 4, 5}});
        assertThatThrownBy(() -> TokenWindows.consecutive(new int[2], 1, 3))
                .hasMessageContaining("the text has 2 tokens, a window takes 3");
    }

    @Test
    void keepsWindowsAndEmbeddings() {
        int[][] windows = {{2, 5, 9, 11}, {2, 7, 7, 4000}};
        try (CausalLanguageModel model = CausalLanguageModel.open(SAMPLE)) {
            CalibrationSet.create(directory, model, windows);
            CalibrationSet set = CalibrationSet.open(directory);
            assertThat(set.tokens()).isEqualTo(8);
            assertThat(set.holds(0, Stream.REPARAMETERIZED)).isTrue();
            assertThat(set.holds(1, Stream.REPARAMETERIZED)).isFalse();
            float[] expected = new float[8 * set.width()];
            var batch = set.batches().getFirst();
            model.embed(batch.tokenBatch(set.newCaches(model)), expected);
            float[] kept = new float[expected.length];
            try (HiddenStates states = set.states(0, Stream.ORIGINAL)) {
                states.read(0, 8, kept);
            }
            assertThat(kept).isEqualTo(expected);
            assertThat(batch.tokenBatch(set.newCaches(model)).ids()).containsExactly(2, 5, 9, 11, 2, 7, 7, 4000);
        }
    }

    @Test
    void saysWhichFileIsCutShort() throws IOException {
        try (CausalLanguageModel model = CausalLanguageModel.open(SAMPLE)) {
            CalibrationSet.create(directory, model, new int[][] {{2, 5}});
        }
        Path windows = directory.resolve("windows.i32");
        byte[] bytes = Files.readAllBytes(windows);
        Files.write(windows, java.util.Arrays.copyOf(bytes, bytes.length - 4));
        assertThatThrownBy(() -> CalibrationSet.open(directory)).hasMessageContaining("windows.i32 is cut short");
    }

    @Test
    void modelsWriteTheSameForTheSameSeedOnAnyNumberOfThreads() {
        try (CausalLanguageModel model = CausalLanguageModel.open(SAMPLE);
                KernelContext one = KernelContext.create(1);
                KernelContext two = KernelContext.create(2)) {
            int[][] a = new SelfSampler(model, OptionalInt.of(2), one).sample(3, 20, 1);
            int[][] b = new SelfSampler(model, OptionalInt.of(2), two).sample(3, 20, 1);
            int[][] other = new SelfSampler(model, OptionalInt.of(2), two).sample(3, 20, 2);
            assertThat(b).isDeepEqualTo(a);
            assertThat(other).isNotEqualTo(a);
            assertThat(a[0]).startsWith(2).isNotEqualTo(a[1]);
        }
    }
}
