package io.shiftadd.inference.generation;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.generation.GenerationEvent.Finished;
import io.shiftadd.inference.prefix.PrefixDisk;
import io.shiftadd.model.cache.KvCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prompts' beginnings outlive an engine, and what is generated from them is the same to the last bit. */
class DiskPrefixesTest extends EngineFixture {

    private static final long BUDGET = 64L << 20;
    private static final int TOKENS = 24;

    private final int[] prompt = encode("The captain of the old ship told a long story about the sea. ".repeat(14));

    @TempDir
    Path directory;

    /** What an engine of its own answers, with what earlier ones have left on disk. */
    private List<GenerationEvent> answer(int... prompts) throws IOException {
        try (PrefixDisk disk = PrefixDisk.open(directory, BUDGET)) {
            EngineModel kept = new EngineModel("llama-mini", model, tokenizer, KvCache.Precision.FLOAT32)
                    .with(disk.of("digest", KvCache.Precision.FLOAT32));
            List<GenerationEvent> last = List.of();
            try (GenerationEngine own =
                    new GenerationEngine(kept, settings(64, 64), new CacheMemory(256 << 20), turns, watch)) {
                for (int length : prompts) {
                    int[] asked = Arrays.copyOf(prompt, length);
                    last = drain(own.generate(List.of(request(asked, 1, TOKENS, WARM, 5))), 1);
                }
            }
            return last;
        }
    }

    private static int cached(List<GenerationEvent> events) {
        return ((Finished) events.getLast()).cachedTokens();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    @Test
    void anEngineGoesOnFromWhatAnotherHasLeft() throws IOException {
        int length = 200;
        List<GenerationEvent> computed = answer(length);
        assertThat(cached(computed)).isZero();
        assertThat(files()).hasSize((length + TOKENS - 1) / KvCache.PAGE);
        int before = watch.restored.get();
        List<GenerationEvent> restored = answer(length);
        assertThat(cached(restored)).isEqualTo(192);
        assertThat(watch.restored.get() - before).isEqualTo(192);
        assertThat(tokens(restored, 0)).isEqualTo(tokens(computed, 0));
        assertThat(text(restored, 0)).isEqualTo(text(computed, 0));
    }

    @Test
    void aPromptOfWholePagesComputesItsLastTokenAnew() throws IOException {
        List<GenerationEvent> computed = answer(128);
        List<GenerationEvent> restored = answer(128);
        assertThat(cached(restored)).isEqualTo(127);
        assertThat(tokens(restored, 0)).isEqualTo(tokens(computed, 0));
    }

    @Test
    void damagedPagesAreComputed() throws IOException {
        List<GenerationEvent> computed = answer(200);
        for (Path file : files()) {
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length - 9] ^= 4;
            Files.write(file, bytes);
        }
        List<GenerationEvent> again = answer(200);
        assertThat(cached(again)).isZero();
        assertThat(tokens(again, 0)).isEqualTo(tokens(computed, 0));
        assertThat(cached(answer(200))).isEqualTo(192);
    }

    /** What prompts share is on disk while the engine runs: not every process gets to say goodbye. */
    @Test
    void whatTwoPromptsShareIsPutAsideAtOnce() throws IOException {
        try (PrefixDisk disk = PrefixDisk.open(directory, BUDGET)) {
            EngineModel kept = new EngineModel("llama-mini", model, tokenizer, KvCache.Precision.FLOAT32)
                    .with(disk.of("digest", KvCache.Precision.FLOAT32));
            try (GenerationEngine own =
                    new GenerationEngine(kept, settings(64, 64), new CacheMemory(256 << 20), turns, watch)) {
                drain(own.generate(List.of(request(Arrays.copyOf(prompt, 150), 1, 2, WARM, 5))), 1);
                drain(own.generate(List.of(request(Arrays.copyOf(prompt, 170), 1, 2, WARM, 5))), 1);
                Awaitility.await().until(() -> disk.written() == 2);
            }
        }
    }

    @Test
    void whatAFailedEngineHadIsNotKept() throws IOException {
        try (PrefixDisk disk = PrefixDisk.open(directory, BUDGET)) {
            EngineModel kept = new EngineModel("llama-mini", model, tokenizer, KvCache.Precision.FLOAT32)
                    .with(disk.of("digest", KvCache.Precision.FLOAT32));
            try (GenerationEngine own =
                    new GenerationEngine(kept, settings(64, 64), new CacheMemory(256 << 20), turns, watch)) {
                drain(own.generate(List.of(request(Arrays.copyOf(prompt, 150), 1, 2, WARM, 5))), 1);
                own.stop("its files have changed");
            }
        }
        assertThat(files()).isEmpty();
    }
}
