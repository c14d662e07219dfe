package io.shiftadd.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelContextTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 64})
    void runsEveryChunkOnce(int threads) {
        try (KernelContext context = KernelContext.create(threads)) {
            for (int chunks : new int[] {0, 1, 2, 7, 64, 1000}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(chunks);
                for (int repeat = 0; repeat < 20; repeat++) {
                    context.parallelFor(chunks, (chunk, worker) -> {
                        assertThat(worker).isBetween(0, threads - 1);
                        runs.incrementAndGet(chunk);
                    });
                }
                for (int chunk = 0; chunk < chunks; chunk++) {
                    assertThat(runs.get(chunk))
                            .as("chunk %d of %d", chunk, chunks)
                            .isEqualTo(20);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void runsEveryChunkOnceWhereSeveralAreTakenTogether(int threads) {
        try (KernelContext context = KernelContext.create(threads)) {
            for (int chunks : new int[] {1, 2, 7, 64, 1000}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(chunks);
                AtomicInteger longest = new AtomicInteger();
                KernelContext.ChunkTask task = new KernelContext.ChunkTask() {
                    @Override
                    public void run(int chunk, int worker) {
                        runs.incrementAndGet(chunk);
                    }

                    @Override
                    public void run(int first, int end, int worker) {
                        longest.accumulateAndGet(end - first, Math::max);
                        KernelContext.ChunkTask.super.run(first, end, worker);
                    }
                };
                for (int repeat = 0; repeat < 20; repeat++) {
                    context.parallelFor(chunks, 16, task);
                    context.parallelFor(chunks, task);
                }
                for (int chunk = 0; chunk < chunks; chunk++) {
                    assertThat(runs.get(chunk))
                            .as("chunk %d of %d", chunk, chunks)
                            .isEqualTo(40);
                }
                assertThat(longest.get()).isBetween(1, Math.min(16, chunks));
            }
        }
    }

    @Test
    void aPartIsTakenInEverSmallerSharesFromItsBeginning() {
        RegionParts parts = new RegionParts(2);
        parts.divide(1, 40, 8);
        assertThat(taken(parts, 0, 1)).containsExactly("0+8", "8+6", "14+3", "17+1", "18+1", "19+1");
        assertThat(parts.claim(1, 2)).as("of a region that has not begun").isZero();
        assertThat(taken(parts, 1, 1)).containsExactly("20+8", "28+6", "34+3", "37+1", "38+1", "39+1");
        parts.divide(2, 3, 1);
        assertThat(parts.claim(0, 1)).as("of a region that is over").isZero();
        assertThat(taken(parts, 1, 2)).containsExactly("1+1", "2+1");
    }

    private static List<String> taken(RegionParts parts, int owner, int region) {
        List<String> taken = new ArrayList<>();
        int left;
        while ((left = parts.claim(owner, region)) > 0) {
            taken.add(parts.first(owner, left) + "+" + parts.share(left));
        }
        return taken;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void noChunkBeginsOnceTheWorkIsToEnd(int threads) {
        try (KernelContext context = KernelContext.create(threads)) {
            AtomicBoolean end = new AtomicBoolean();
            context.interruptBy(() -> {
                if (end.get()) {
                    throw new CancellationException("ends");
                }
            });
            AtomicInteger late = new AtomicInteger();
            assertThatThrownBy(() -> context.parallelFor(1000, (chunk, worker) -> {
                        if (end.getAndSet(true)) {
                            late.incrementAndGet();
                        }
                    }))
                    .isInstanceOf(CancellationException.class);
            assertThat(late.get()).isLessThan(threads);
            end.set(false);
            context.parallelFor(1000, (chunk, worker) -> context.check());
        }
    }

    @Test
    void showsTheCallerWhatChunksWrote() {
        try (KernelContext context = KernelContext.create(4)) {
            int[] values = new int[256];
            for (int round = 1; round <= 2000; round++) {
                int expected = round;
                context.parallelFor(values.length, (chunk, worker) -> values[chunk] = expected);
                assertThat(values).containsOnly(expected);
            }
        }
    }

    /** A late worker must not take the chunks of the next region for those of the last. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8})
    void keepsRegionsOfDifferentSizesApart(int threads) {
        try (KernelContext context = KernelContext.create(threads)) {
            int[] runs = new int[100];
            for (int round = 0; round < 5_000; round++) {
                int chunks = 2 + (round * 31) % 98;
                context.parallelFor(chunks, (chunk, worker) -> runs[chunk]++);
                int expected = chunks;
                assertThat(IntStream.range(0, runs.length).allMatch(i -> runs[i] == (i < expected ? 1 : 0)))
                        .as("round %d: each of %d chunks runs once: %s", round, chunks, Arrays.toString(runs))
                        .isTrue();
                Arrays.fill(runs, 0);
            }
        }
    }

    @Test
    void runsEveryChunkOnceThoughWorkersAreLateInTheLastRegion() {
        // More threads than processors, and regions that grow: a worker that is still in the last region must not take
        // the chunks of the next.
        try (KernelContext context = KernelContext.create(8)) {
            for (int repeat = 0; repeat < 10_000; repeat++) {
                int chunks = repeat % 2 == 0 ? 2 : 48;
                AtomicIntegerArray runs = new AtomicIntegerArray(chunks);
                context.parallelFor(chunks, (chunk, worker) -> runs.incrementAndGet(chunk));
                for (int chunk = 0; chunk < chunks; chunk++) {
                    assertThat(runs.get(chunk)).isEqualTo(1);
                }
            }
        }
    }

    /** A worker that is awake can end its part, and park, before the caller has looked whom to wake. */
    @Test
    void wakesEveryThreadAfterManyShortRegions() {
        int threads = 8;
        try (KernelContext context = KernelContext.create(threads)) {
            for (int region = 0; region < 20_000; region++) {
                context.parallelFor(threads, (chunk, worker) -> {});
            }
            CyclicBarrier all = new CyclicBarrier(threads);
            context.parallelFor(threads, (chunk, worker) -> {
                try {
                    all.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                    throw new IllegalStateException("a thread did not wake up for the region", e);
                }
            });
        }
    }

    @Test
    void rethrowsTheFailureOfAChunkAndStaysUsable() {
        try (KernelContext context = KernelContext.create(2)) {
            assertThatThrownBy(() -> context.parallelFor(8, (chunk, worker) -> {
                        if (chunk == 5) {
                            throw new IllegalArgumentException("chunk 5");
                        }
                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("chunk 5");
            context.parallelFor(8, (chunk, worker) -> {});
        }
    }

    @Test
    void refusesNestedRegions() {
        try (KernelContext context = KernelContext.create(2)) {
            assertThatThrownBy(() -> context.parallelFor(
                            4, (chunk, worker) -> context.parallelFor(2, (inner, innerWorker) -> {})))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void refusesUseAfterClose() {
        KernelContext context = KernelContext.create(2);
        context.close();
        assertThatThrownBy(() -> context.parallelFor(2, (chunk, worker) -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void refusesAContextWithoutThreads() {
        assertThatThrownBy(() -> KernelContext.create(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
