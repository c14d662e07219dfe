package io.shiftadd.quantize.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.quantize.calibration.CalibrationSet.Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Random;
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

    @Test
    void samplesAndStatesDoNotDependOnWhatIsWrittenTogether() {
        try (KernelContext context = KernelContext.create(2);
                CausalLanguageModel model = CausalLanguageModel.open(SAMPLE)) {
            SelfSampler sampler = new SelfSampler(model, OptionalInt.of(2), context);
            int width = model.config().hiddenSize();
            float[][] together = new float[5 * 12][];
            float[][] parts = new float[5 * 12][];
            int[][] all = sampler.sample(
                    0, 5, 12, 9, (text, at, hidden, from) -> together[text * 12 + at] =
                            Arrays.copyOfRange(hidden, from, from + width));
            int[][] first = sampler.sample(
                    0, 1, 12, 9, (text, at, hidden, from) -> parts[text * 12 + at] =
                            Arrays.copyOfRange(hidden, from, from + width));
            int[][] rest = sampler.sample(
                    1, 4, 12, 9, (text, at, hidden, from) -> parts[(1 + text) * 12 + at] =
                            Arrays.copyOfRange(hidden, from, from + width));
            assertThat(first[0]).isEqualTo(all[0]);
            assertThat(rest).isDeepEqualTo(Arrays.copyOfRange(all, 1, 5));
            assertThat(sampler.sample(5, 12, 9)).isDeepEqualTo(all);
            assertThat(parts).isDeepEqualTo(together);
        }
    }

    @Test
    void statesInAFileAreThoseThatWereWrittenToSixteenBits() {
        Path file = directory.resolve("states");
        Random random = new Random(3);
        float[] written = new float[2 * 3 * 7];
        for (int i = 0; i < written.length; i++) {
            // Of very different sizes, as outliers are; beyond what float16 has.
            written[i] = (float) (random.nextGaussian() * (i % 7 == 3 ? 3e5 : 10));
        }
        try (HiddenStateFile states = HiddenStateFile.create(file, 2, 3, 7)) {
            for (int t = 0; t < 6; t++) {
                states.state(t / 3, t % 3, written, t * 7);
            }
            states.force();
        }
        try (HiddenStateFile states = HiddenStateFile.open(file, 3, 7)) {
            float[] read = new float[written.length];
            states.read(0, read, 0);
            states.read(1, read, 21);
            assertThat(states.texts()).isEqualTo(2);
            for (int i = 0; i < read.length; i++) {
                assertThat(read[i]).isCloseTo(written[i], within(Math.abs(written[i]) / 2048 + 0.02f));
            }
        }
    }
}
