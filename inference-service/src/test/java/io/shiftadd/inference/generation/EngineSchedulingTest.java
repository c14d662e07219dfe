package io.shiftadd.inference.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.inference.generation.GenerationEvent.Failed;
import io.shiftadd.inference.generation.GenerationEvent.Finished;
import io.shiftadd.inference.generation.sampling.TokenConstraint;
import io.shiftadd.model.cache.KvCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What requests do to each other, and when they are refused. */
class EngineSchedulingTest extends EngineFixture {

    private static final class Broken implements TokenConstraint {
        @Override
        public BitSet allowed(int remaining) {
            throw new IllegalStateException("broken on purpose");
        }

        @Override
        public void accept(int token) {}

        @Override
        public boolean mayEnd() {
            return false;
        }

        @Override
        public boolean mustEnd() {
            return false;
        }
    }

    @Test
    void aChoiceThatFailsHarmsNoOther() {
        int[] prompt = encode("It was a dark night");
        GenerationStream good = engine.generate(List.of(request(prompt, 3, 12, WARM, 5)));
        GenerationStream bad = engine.generate(List.of(new GenerationRequest(
                prompt,
                1,
                12,
                WARM,
                5,
                List.of(),
                List.of(),
                GenerationRequest.NO_SCORES,
                false,
                false,
                Set.of(),
                Broken::new)));
        assertThat(drain(bad, 1))
                .singleElement()
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.cause()).hasMessage("broken on purpose"));
        List<GenerationEvent> events = drain(good, 3);
        assertThat(events).hasAtLeastOneElementOfType(Finished.class).doesNotHaveAnyElementsOfTypes(Failed.class);
        assertThat(tokens(events, 2)).hasSize(12);
    }

    @Test
    void aStepThatThrowsEndsOnlyWhoMadeItThrow() {
        int[] prompt = encode("It was a dark night");
        List<Integer> alone = tokens(drain(engine.generate(List.of(request(prompt, 1, 60, WARM, 5))), 1), 0);
        List<GenerationStream> good = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            good.add(engine.generate(List.of(request(prompt, 1, 60, WARM, 5))));
        }
        int rows = model.config().vocabularySize();
        GenerationStream bad = engine.generate(List.of(request(new int[] {1, rows, 5}, 1, 12, WARM, 5)));
        GenerationStream embedded = engine.embed(List.of(new EmbeddingRequest(new int[] {1, rows + 7})));
        GenerationStream fine = engine.embed(List.of(new EmbeddingRequest(prompt)));
        assertThat(drain(bad, 1)).singleElement().isInstanceOf(Failed.class);
        assertThat(drain(embedded, 1)).singleElement().isInstanceOf(Failed.class);
        assertThat(drain(fine, 1)).singleElement().isInstanceOf(GenerationEvent.Embedded.class);
        good.forEach(stream -> assertThat(tokens(drain(stream, 1), 0)).isEqualTo(alone));
        Awaitility.await().atMost(PATIENCE).until(() -> watch.running.get() == 0 && watch.reserved.get() == 0);
    }

    @Test
    void endsTheChoicesOfAReaderThatReadsNothing() {
        engine.close();
        engine = engine(new EngineSettings(4, 64, 512, 10, Speculation.AUTO, Duration.ofMillis(300)), 256 << 20);
        GenerationStream stalled = engine.generate(List.of(request(encode("Once upon a time"), 9, 300, WARM, 3)));
        Awaitility.await().atMost(PATIENCE).until(() -> watch.mostTogether.get() == 4);
        Awaitility.await().atMost(PATIENCE).until(() -> watch.running.get() == 0 && watch.reserved.get() == 0);
        List<GenerationEvent> left = drainNow(stalled);
        assertThat(left.stream().filter(Failed.class::isInstance).map(event -> ((Failed) event).cause()))
                .isNotEmpty()
                .allMatch(ReaderStalledException.class::isInstance);
    }

    @Test
    void anotherConnectionGetsAPlaceWhereOneHasThemAll() {
        engine.close();
        engine = engine(settings(4, 64), 256 << 20);
        GenerationStream many = engine.generate(List.of(request(encode("Once upon a time"), 16, 400, WARM, 1)));
        Awaitility.await().atMost(PATIENCE).until(() -> watch.running.get() == 4);
        assertThat(tokens(drain(engine.generate(List.of(request(encode("A captain"), 1, 10, WARM, 1))), 1), 0))
                .hasSize(10);
        assertThat(drainNow(many)).noneMatch(Finished.class::isInstance);
        many.close();
    }

    @Test
    void aStalledReadersMemoryIsLentAndItsTextStaysTheSame() {
        int[] prompt = encode("Once upon a time");
        List<Integer> fresh = tokens(drain(engine.generate(List.of(request(prompt, 1, 200, WARM, 3))), 1), 0);
        engine.close();
        long bytesPerToken = KvCache.bytesPerPosition(model.config(), KvCache.Precision.FLOAT32);
        engine = engine(new EngineSettings(8, 64, 512, 20, Speculation.AUTO, PATIENCE), 260 * bytesPerToken);
        GenerationStream stalled = engine.generate(List.of(request(prompt, 1, 200, WARM, 3)));
        Awaitility.await().atMost(PATIENCE).until(() -> !stalled.writable());
        GenerationStream other = engine.generate(List.of(request(encode("A captain"), 1, 190, WARM, 4)));
        assertThat(tokens(drain(other, 1), 0)).hasSize(190);
        assertThat(tokens(drain(stalled, 1), 0)).isEqualTo(fresh);
    }

    @Test
    void computesAPromptOnceForItsChoices() {
        int[] prompt = encode("The ship had been at sea for many days when ".repeat(8));
        drain(engine.generate(List.of(request(prompt, 6, 4, WARM, 1))), 6);
        // The last token of a choice is never fed back.
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(watch.stepTokens.get()).isEqualTo(prompt.length + 6 * 3));
    }

    @Test
    void computesACommonBeginningOnce() {
        String beginning = "The ship had been at sea for many days when ".repeat(8);
        int[] one = encode(beginning + "the storm came");
        int[] two = encode(beginning + "land was seen");
        List<Integer> fresh = tokens(drain(engine.generate(List.of(request(two, 1, 8, WARM, 5))), 1), 0);
        engine.close();
        engine = engine(settings(64, 64), 256 << 20);
        drain(engine.generate(List.of(request(one, 1, 2, WARM, 1))), 1);
        int before = watch.cached.get();
        List<GenerationEvent> events = drain(engine.generate(List.of(request(two, 1, 8, WARM, 5))), 1);
        assertThat(watch.cached.get() - before).isGreaterThan(60);
        assertThat(((Finished) events.getLast()).cachedTokens()).isGreaterThan(60);
        assertThat(tokens(events, 0)).isEqualTo(fresh);
    }

    @Test
    void computesACommonBeginningOnceForPromptsThatComeTogether() {
        String beginning = "The ship had been at sea for many days when ".repeat(8);
        List<GenerationRequest> requests = new ArrayList<>();
        int all = 0;
        for (int i = 0; i < 8; i++) {
            int[] prompt = encode(beginning + "number " + i);
            all += prompt.length;
            requests.add(request(prompt, 1, 1, WARM, 5));
        }
        drain(engine.generate(requests), 8);
        assertThat(watch.stepTokens.get()).isLessThan(all / 4);
    }

    @Test
    void dropsWhatAClosedStreamAskedFor() {
        GenerationStream stream = engine.generate(List.of(request(encode("Once upon a time"), 8, 500, WARM, 3)));
        Awaitility.await().atMost(PATIENCE).until(() -> watch.running.get() == 8);
        stream.close();
        Awaitility.await()
                .atMost(Duration.ofSeconds(1))
                .until(() -> watch.running.get() == 0 && watch.reserved.get() == 0);
    }

    @Test
    void pausesForAReaderThatIsBehindAndForNobodyElse() {
        engine.close();
        engine = engine(new EngineSettings(64, 64, 512, 10, Speculation.AUTO, Duration.ofSeconds(30)), 256 << 20);
        GenerationStream stalled = engine.generate(List.of(request(encode("Once upon a time"), 1, 300, WARM, 3)));
        Awaitility.await().atMost(PATIENCE).until(() -> !stalled.writable());
        GenerationStream other = engine.generate(List.of(request(encode("A captain"), 1, 100, WARM, 4)));
        assertThat(tokens(drain(other, 1), 0)).hasSize(100);
        Awaitility.await().atMost(PATIENCE).until(() -> watch.running.get() == 1);
        assertThat(tokens(drain(stalled, 1), 0)).hasSize(300);
    }

    @Test
    void refusesWhenTooManyWait() {
        engine.close();
        engine = engine(settings(1, 2), 256 << 20);
        GenerationStream first = engine.generate(List.of(request(encode("Once"), 1, 400, WARM, 1)));
        Awaitility.await().atMost(PATIENCE).until(() -> watch.running.get() == 1);
        GenerationRequest more = request(encode("Twice"), 1, 2, WARM, 1);
        GenerationStream second = engine.generate(List.of(more));
        GenerationStream third = engine.generate(List.of(more));
        assertThatThrownBy(() -> engine.generate(List.of(more)))
                .isInstanceOfSatisfying(
                        QueueFullException.class,
                        full -> assertThat(full.retryAfter()).isPositive());
        first.close();
        drain(second, 1);
        drain(third, 1);
    }

    @Test
    void letsOthersInBetweenTheChoicesOfOne() {
        engine.close();
        engine = engine(settings(2, 64), 256 << 20);
        GenerationStream many = engine.generate(List.of(request(encode("Once upon a time"), 20, 60, WARM, 1)));
        GenerationStream one = engine.generate(List.of(request(encode("A captain"), 1, 10, WARM, 1)));
        drain(one, 1);
        long left =
                20 - drainNow(many).stream().filter(Finished.class::isInstance).count();
        assertThat(left).isGreaterThan(10);
        many.close();
    }

    private static List<GenerationEvent> drainNow(GenerationStream stream) {
        List<GenerationEvent> events = new ArrayList<>();
        for (GenerationEvent event = next(stream); event != null && events.size() < 500; event = next(stream)) {
            events.add(event);
        }
        return events;
    }

    @Test
    void refusesWhatCouldNeverGetMemory() {
        engine.close();
        engine = engine(settings(4, 4), 1 << 20);
        assertThatThrownBy(() -> engine.generate(List.of(request(encode("Once"), 1, 500, WARM, 1))))
                .isInstanceOf(CacheTooSmallException.class)
                .hasMessageContaining("cache-bytes");
    }

    @Test
    void takesTurnsWhenMemoryIsShort() {
        engine.close();
        long bytesPerToken = KvCache.bytesPerPosition(model.config(), KvCache.Precision.FLOAT32);
        engine = engine(settings(8, 64), 130 * bytesPerToken);
        List<GenerationStream> streams = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            streams.add(engine.generate(List.of(request(encode("Story " + i), 1, 50, WARM, i))));
        }
        streams.forEach(stream -> assertThat(tokens(drain(stream, 1), 0)).hasSize(50));
    }

    @Test
    void enginesShareOneMemory() {
        engine.close();
        long bytesPerToken = KvCache.bytesPerPosition(model.config(), KvCache.Precision.FLOAT32);
        CacheMemory memory = new CacheMemory(200 * bytesPerToken);
        engine = engine(settings(8, 64), memory);
        try (GenerationEngine other = engine(settings(8, 64), memory)) {
            for (int round = 0; round < 3; round++) {
                // Each leaves a prefix behind, which is in the other's way.
                List<GenerationStream> streams = new ArrayList<>();
                for (GenerationEngine each : List.of(engine, other)) {
                    streams.add(each.generate(List.of(
                            request(encode("The ship had been at sea for many days, " + round), 2, 90, WARM, round))));
                }
                streams.forEach(stream -> {
                    List<GenerationEvent> events = drain(stream, 2);
                    assertThat(tokens(events, 0)).hasSize(90);
                    assertThat(tokens(events, 1)).hasSize(90);
                });
            }
        }
        Awaitility.await().atMost(PATIENCE).until(() -> memory.reserved() == 0);
    }

    @Test
    void aFullHeapEndsWhatRunsAndNothingThatComesAfter() {
        watch.fails = new OutOfMemoryError("made up");
        List<GenerationEvent> failed = drain(engine.generate(List.of(request(encode("Once"), 1, 20, WARM, 1))), 1);
        assertThat(failed.getLast())
                .isInstanceOfSatisfying(
                        Failed.class, last -> assertThat(last.cause()).isInstanceOf(MemoryExhaustedException.class));
        watch.fails = null;
        assertThat(tokens(drain(engine.generate(List.of(request(encode("Once"), 1, 20, WARM, 1))), 1), 0))
                .hasSize(20);
        assertThat(engine.ending()).isNull();
    }

    @Test
    void anEngineThatEndsSaysWhyToAllThatRunAndCome() {
        GenerationStream running = engine.generate(List.of(request(encode("Once"), 1, 400, WARM, 1)));
        Awaitility.await().atMost(PATIENCE).until(() -> watch.running.get() == 1);
        engine.stop("its file was cut");
        assertThat(drain(running, 1).getLast())
                .isInstanceOfSatisfying(
                        Failed.class, last -> assertThat(last.cause()).hasMessage("its file was cut"));
        assertThat(engine.ending()).isEqualTo("its file was cut");
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(
                                () -> engine.generate(List.of(request(encode("Once"), 1, 2, WARM, 1))))
                        .isInstanceOf(EngineStoppedException.class));
    }

    @Test
    void aPageOfAMappedFileThatIsGoneEndsTheModelWithAReason() {
        watch.fails = new InternalError("a fault occurred in an unsafe memory access operation");
        List<GenerationEvent> failed = drain(engine.generate(List.of(request(encode("Once"), 1, 20, WARM, 1))), 1);
        assertThat(failed.getLast())
                .isInstanceOfSatisfying(
                        Failed.class, last -> assertThat(last.cause()).hasMessageContaining("Restore them"));
        assertThat(engine.ending()).contains("cannot be read any more");
    }

    @Test
    void failsWhatStillRunsWhenItEnds() {
        GenerationStream stream = engine.generate(List.of(request(encode("Once"), 1, 500, WARM, 1)));
        Awaitility.await().atMost(PATIENCE).until(() -> watch.running.get() == 1);
        engine.close();
        assertThat(drain(stream, 1).getLast())
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.cause()).isInstanceOf(EngineStoppedException.class));
        assertThatThrownBy(() -> engine.generate(List.of(request(encode("Once"), 1, 5, WARM, 1))))
                .isInstanceOf(EngineStoppedException.class);
    }
}
