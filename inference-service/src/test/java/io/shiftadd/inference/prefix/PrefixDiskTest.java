package io.shiftadd.inference.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.KvCache.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixDiskTest {

    private static final int LAYERS = 2;
    private static final int HEAD_DIM = 16;
    private static final int FILE = PageFile.HEAD + empty(KvCache.PAGE).pageBytes();

    @TempDir
    Path directory;

    private static KvCache empty(int capacity) {
        return new KvCache(LAYERS, 1, HEAD_DIM, capacity, Precision.FLOAT32);
    }

    /** Keys and values that tell the token they belong to. */
    private static KvCache computed(int[] tokens) {
        KvCache cache = empty(tokens.length);
        for (int layer = 0; layer < LAYERS; layer++) {
            cache.layer(layer).reserve(0, tokens.length);
            for (int i = 0; i < tokens.length; i++) {
                float[] vector = new float[HEAD_DIM];
                Arrays.fill(vector, tokens[i] + layer);
                cache.layer(layer).put(i, 0, vector, 0, vector, 0);
            }
        }
        cache.advance(tokens.length);
        return cache;
    }

    private static int[] tokens(int seed, int count) {
        return new Random(seed).ints(count, 0, 1_000).toArray();
    }

    private PrefixDisk open(int pages) throws IOException {
        return PrefixDisk.open(directory, (long) pages * FILE);
    }

    private static void keep(PrefixDisk disk, String model, int[] tokens) {
        disk.of(model, Precision.FLOAT32).keep(tokens, computed(tokens));
    }

    private static int restored(PrefixDisk disk, String model, int[] prompt) {
        CountDownLatch done = new CountDownLatch(1);
        Restoration restoration =
                disk.of(model, Precision.FLOAT32).restore(prompt, 0, PrefixDiskTest::empty, done::countDown);
        try {
            assertThat(restoration.isDone() || done.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        Optional<Restoration.Restored> found = restoration.take();
        found.ifPresent(read -> {
            assertThat(read.tokens())
                    .isEqualTo(Arrays.copyOf(prompt, read.cache().length()));
            float[] keys = read.cache().layer(1).keys(0, 0, new float[HEAD_DIM * KvCache.PAGE]);
            assertThat(keys[5]).isEqualTo(prompt[5] + 1);
        });
        return found.map(read -> read.cache().length()).orElse(0);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    @Test
    void whatWasKeptIsThereAfterARestartForPromptsThatBeginLikeIt() throws IOException {
        int[] first = tokens(1, 3 * KvCache.PAGE + 7);
        try (PrefixDisk disk = open(100)) {
            keep(disk, "a", first);
        }
        assertThat(files()).hasSize(3);
        int[] other = first.clone();
        other[2 * KvCache.PAGE + 1]++;
        try (PrefixDisk disk = open(100)) {
            assertThat(disk.bytes()).isEqualTo(3L * FILE);
            assertThat(restored(disk, "a", first)).isEqualTo(3 * KvCache.PAGE);
            assertThat(restored(disk, "a", other)).isEqualTo(2 * KvCache.PAGE);
            assertThat(restored(disk, "a", Arrays.copyOf(first, 70))).isEqualTo(KvCache.PAGE);
            assertThat(restored(disk, "a", Arrays.copyOf(first, 63))).isZero();
        }
    }

    @Test
    void pagesBelongToOneModelAndOnePrecision() throws IOException {
        int[] prompt = tokens(1, KvCache.PAGE);
        try (PrefixDisk disk = open(100)) {
            keep(disk, "a", prompt);
        }
        try (PrefixDisk disk = open(100)) {
            assertThat(restored(disk, "b", prompt)).isZero();
            assertThat(disk.of("a", Precision.INT8)
                            .restore(prompt, 0, PrefixDiskTest::empty, () -> {})
                            .take())
                    .isEmpty();
            assertThat(restored(disk, "a", prompt)).isEqualTo(KvCache.PAGE);
        }
    }

    @Test
    void sharedPagesAreWrittenOnce() throws IOException {
        int[] first = tokens(1, 2 * KvCache.PAGE);
        int[] other = first.clone();
        other[KvCache.PAGE]++;
        try (PrefixDisk disk = open(100)) {
            keep(disk, "a", first);
            keep(disk, "a", other);
            keep(disk, "a", first);
        }
        assertThat(files()).hasSize(3);
    }

    /** A property: whatever is kept and used, in any order and over restarts, the directory is within its budget. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5, 9})
    void neverTakesMoreThanItsBudget(int pages) throws IOException {
        Random random = new Random(pages);
        List<int[]> prompts = new ArrayList<>();
        for (int round = 0; round < 12; round++) {
            try (PrefixDisk disk = open(pages)) {
                for (int i = 0; i < 4; i++) {
                    int[] prompt = tokens(random.nextInt(6), 1 + random.nextInt(5 * KvCache.PAGE));
                    prompts.add(prompt);
                    keep(disk, "m" + random.nextInt(2), prompt);
                    restored(disk, "m0", prompts.get(random.nextInt(prompts.size())));
                    assertThat(disk.bytes()).isLessThanOrEqualTo((long) pages * FILE);
                }
            }
            long bytes = 0;
            for (Path file : files()) {
                bytes += Files.size(file);
            }
            assertThat(bytes).as("round %d", round).isLessThanOrEqualTo((long) pages * FILE);
        }
    }

    @Test
    void aSmallerBudgetLeavesWhatWasUsedLast() throws IOException {
        int[] older = tokens(1, KvCache.PAGE);
        int[] newer = tokens(2, KvCache.PAGE);
        try (PrefixDisk disk = open(9)) {
            keep(disk, "a", older);
        }
        for (Path file : files()) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
        }
        try (PrefixDisk disk = open(9)) {
            keep(disk, "a", newer);
        }
        try (PrefixDisk disk = open(1)) {
            assertThat(files()).hasSize(1);
            assertThat(restored(disk, "a", newer)).isEqualTo(KvCache.PAGE);
        }
    }

    /** The beginning of a prompt is worth nothing without what stands before it. */
    @Test
    void theEndOfAPromptGoesBeforeItsBeginning() throws IOException {
        int[] prompt = tokens(1, 3 * KvCache.PAGE);
        try (PrefixDisk disk = open(3)) {
            keep(disk, "a", prompt);
        }
        try (PrefixDisk disk = open(3)) {
            assertThat(restored(disk, "a", prompt)).isEqualTo(3 * KvCache.PAGE);
            keep(disk, "a", tokens(2, KvCache.PAGE));
        }
        try (PrefixDisk disk = open(3)) {
            assertThat(restored(disk, "a", prompt)).isEqualTo(2 * KvCache.PAGE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"flipped", "cut", "longer", "empty", "renamed"})
    void damagedPagesAreRemovedAndWhatStandsBeforeThemIsUsed(String damage) throws IOException {
        int[] prompt = tokens(1, 2 * KvCache.PAGE);
        try (PrefixDisk disk = open(100)) {
            keep(disk, "a", Arrays.copyOf(prompt, KvCache.PAGE));
        }
        Path first = files().getFirst();
        try (PrefixDisk disk = open(100)) {
            keep(disk, "a", prompt);
        }
        Path second =
                files().stream().filter(file -> !file.equals(first)).findFirst().orElseThrow();
        byte[] bytes = Files.readAllBytes(second);
        switch (damage) {
            case "flipped" -> bytes[bytes.length / 2] ^= 1;
            case "cut" -> bytes = Arrays.copyOf(bytes, bytes.length - 1);
            case "longer" -> bytes = Arrays.copyOf(bytes, bytes.length + 1);
            case "empty" -> bytes = new byte[0];
            default -> bytes = Files.readAllBytes(first);
        }
        Files.write(second, bytes);
        try (PrefixDisk disk = open(100)) {
            assertThat(restored(disk, "a", prompt)).isEqualTo(KvCache.PAGE);
            assertThat(files()).containsExactly(first);
            assertThat(disk.bytes()).isEqualTo(FILE);
        }
    }

    @Test
    void whatIsNoPageIsRemovedAndDirectoriesAreLeftAlone() throws IOException {
        Files.writeString(directory.resolve("notes.txt"), "not ours");
        Files.writeString(directory.resolve("page123.part"), "half a page");
        Files.createDirectory(directory.resolve("sub"));
        try (PrefixDisk disk = open(100)) {
            assertThat(files()).containsExactly(directory.resolve("sub"));
            assertThat(disk.bytes()).isZero();
        }
    }

    @Test
    void keepsNothingWhereItIsOff() {
        try (PrefixDisk disk = PrefixDisk.off()) {
            int[] prompt = tokens(1, KvCache.PAGE);
            assertThat(disk.of("a", Precision.FLOAT32).lacks(prompt, prompt.length))
                    .isFalse();
            assertThat(restored(disk, "a", prompt)).isZero();
        }
    }
}
