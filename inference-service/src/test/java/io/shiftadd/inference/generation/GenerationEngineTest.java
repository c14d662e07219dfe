package io.shiftadd.inference.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.inference.Samples;
import io.shiftadd.inference.generation.GenerationEvent.Embedded;
import io.shiftadd.inference.generation.GenerationEvent.Failed;
import io.shiftadd.inference.generation.GenerationEvent.Finished;
import io.shiftadd.inference.generation.GenerationEvent.PromptScored;
import io.shiftadd.inference.generation.GenerationEvent.Text;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.KvCache;
import io.shiftadd.tokenizer.Tokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationEngineTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final SamplingSettings WARM = new SamplingSettings(1, 0.95, 0, 0, 1.1, 0, 0, Map.of());

    private final CausalLanguageModel model = CausalLanguageModel.open(Samples.model("llama-mini"));
    private final Tokenizer tokenizer = Tokenizer.open(Samples.model("llama-mini"));
    private final ComputeTurns turns = new ComputeTurns(2);
    private final Watch watch = new Watch();
    private GenerationEngine engine = engine(settings(64, 64, 256 << 20));

    private static EngineSettings settings(int sequences, int waiting, long cacheBytes) {
        return new EngineSettings(sequences, waiting, cacheBytes, 512, 256);
    }

    private GenerationEngine engine(EngineSettings settings) {
        EngineModel engineModel = new EngineModel("llama-mini", model, tokenizer, KvCache.Precision.FLOAT32);
        return new GenerationEngine(engineModel, settings, turns, watch);
    }

    @AfterEach
    void close() {
        engine.close();
        turns.close();
        tokenizer.close();
        model.close();
    }

    /** Counts what the engine tells. */
    private static final class Watch implements EngineObserver {
        private final AtomicLong stepTokens = new AtomicLong();
        private final AtomicInteger mostTogether = new AtomicInteger();
        private final AtomicInteger running = new AtomicInteger();
        private final AtomicLong reserved = new AtomicLong();
        private final AtomicInteger cached = new AtomicInteger();

        @Override
        public void step(int sequences, int tokens, long nanos) {
            stepTokens.addAndGet(tokens);
            mostTogether.accumulateAndGet(sequences, Math::max);
        }

        @Override
        public void running(int sequences, long cacheBytes, long prefixBytes) {
            running.set(sequences);
            reserved.set(cacheBytes);
        }

        @Override
        public void firstToken(int promptTokens, int cachedTokens, Duration sinceSubmitted) {
            cached.addAndGet(cachedTokens);
        }
    }

    private GenerationRequest request(int[] prompt, int choices, int maxTokens, SamplingSettings sampling, long seed) {
        return new GenerationRequest(prompt, choices, maxTokens, sampling, seed, List.of(), List.of(), 0, false, null);
    }

    private static List<GenerationEvent> drain(GenerationStream stream, int choices) {
        List<GenerationEvent> events = new ArrayList<>();
        int open = choices;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (open > 0) {
            assertThat(System.nanoTime()).as("time").isLessThan(deadline);
            GenerationEvent event = next(stream);
            if (event != null) {
                events.add(event);
                open -= event instanceof Finished || event instanceof Failed || event instanceof Embedded ? 1 : 0;
            }
        }
        return events;
    }

    private static GenerationEvent next(GenerationStream stream) {
        try {
            return stream.next(Duration.ofMillis(100));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Integer> tokens(List<GenerationEvent> events, int choice) {
        List<Integer> ids = new ArrayList<>();
        for (GenerationEvent event : events) {
            if (event.choice() == choice && event instanceof Text text) {
                text.tokens().forEach(token -> ids.add(token.id()));
            }
        }
        return ids;
    }

    private static String text(List<GenerationEvent> events, int choice) {
        StringBuilder text = new StringBuilder();
        for (GenerationEvent event : events) {
            if (event.choice() == choice && event instanceof Text piece) {
                text.append(piece.text());
            }
        }
        return text.toString();
    }

    private int[] encode(String text) {
        return tokenizer.encode(text, true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-mini", "opt-mini"})
    void continuesGreedilyAsTheReferenceDoes(String name) {
        Samples.Reference reference = Samples.reference(name);
        try (CausalLanguageModel other = CausalLanguageModel.open(Samples.model(name));
                Tokenizer words = Tokenizer.open(Samples.model(name));
                GenerationEngine own = new GenerationEngine(
                        new EngineModel(name, other, words, KvCache.Precision.FLOAT32),
                        settings(4, 4, 64 << 20),
                        turns,
                        EngineObserver.NONE)) {
            int[] expected = reference.greedy();
            GenerationRequest request = request(reference.ids(0), 1, expected.length, SamplingSettings.GREEDY, 0);
            List<GenerationEvent> events = drain(own.generate(List.of(request)), 1);
            assertThat(tokens(events, 0).stream().mapToInt(Integer::intValue).toArray())
                    .isEqualTo(expected);
        }
    }

    @Test
    void scoresPromptsAsTheReferenceDoes() {
        Samples.Reference reference = Samples.reference("llama-mini");
        for (int i = 0; i < reference.count(); i++) {
            int[] ids = reference.ids(i);
            GenerationRequest request =
                    new GenerationRequest(ids, 1, 0, SamplingSettings.GREEDY, 0, List.of(), List.of(), 1, true, null);
            List<GenerationEvent> events = drain(engine.generate(List.of(request)), 1);
            List<ScoredToken> scores = ((PromptScored) events.getFirst()).tokens();
            assertThat(scores).hasSize(ids.length);
            assertThat(scores.getFirst().logProbability()).isNull();
            double[] expected = reference.logProbabilities(i);
            for (int p = 0; p < expected.length; p++) {
                assertThat(scores.get(p + 1).logProbability()).isCloseTo(expected[p], within(1e-3));
            }
        }
    }

    @Test
    void drawsTheSameWhateverRunsBesideIt() {
        int[] prompt = encode("It was a dark night, and the old captain");
        List<Integer> alone = tokens(drain(engine.generate(List.of(request(prompt, 1, 48, WARM, 42))), 1), 0);
        assertThat(alone).hasSize(48);
        List<GenerationStream> others = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            others.add(engine.generate(List.of(request(encode("Number " + i + " said that the"), 2, 60, WARM, i))));
        }
        GenerationStream again = engine.generate(List.of(request(prompt, 3, 48, WARM, 42)));
        List<GenerationEvent> events = drain(again, 3);
        others.forEach(other -> drain(other, 2));
        assertThat(watch.mostTogether.get()).isGreaterThan(8);
        assertThat(tokens(events, 0)).isEqualTo(alone);
        assertThat(tokens(events, 1)).isNotEqualTo(alone);
    }

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
                prompt, 1, 12, WARM, 5, List.of(), List.of(), GenerationRequest.NO_SCORES, false, Broken::new)));
        assertThat(drain(bad, 1))
                .singleElement()
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.cause()).hasMessage("broken on purpose"));
        List<GenerationEvent> events = drain(good, 3);
        assertThat(events).hasAtLeastOneElementOfType(Finished.class).doesNotHaveAnyElementsOfTypes(Failed.class);
        assertThat(tokens(events, 2)).hasSize(12);
    }

    @Test
    void everyPieceOfTextComesWithTheScoresOfItsTokens() {
        SamplingSettings hot = new SamplingSettings(2, 1, 0, 0, 1, 0, 0, Map.of());
        GenerationStream stream = engine.generate(List.of(request(encode("Tell me a story."), 400, 10, hot, 7)));
        List<GenerationEvent> events = drain(stream, 400);
        assertThat(events.stream()
                        .filter(e -> e instanceof GenerationEvent.Text t
                                && t.tokens().isEmpty()))
                .isEmpty();
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
        engine = engine(settings(64, 64, 256 << 20));
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
    void stopsAtAStopStringAcrossTokens() {
        int[] prompt = encode("Once upon a time");
        String whole = text(drain(engine.generate(List.of(request(prompt, 1, 30, SamplingSettings.GREEDY, 0))), 1), 0);
        String stop = whole.substring(17, 26);
        GenerationRequest request = new GenerationRequest(
                prompt, 1, 30, SamplingSettings.GREEDY, 0, List.of(stop), List.of(), 0, false, null);
        List<GenerationEvent> events = drain(engine.generate(List.of(request)), 1);
        assertThat(text(events, 0)).isEqualTo(whole.substring(0, whole.indexOf(stop)));
        assertThat(((Finished) events.getLast()).reason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void endsAtAnEndToken() {
        int[] prompt = encode("Once upon a time");
        List<Integer> ids =
                tokens(drain(engine.generate(List.of(request(prompt, 1, 12, SamplingSettings.GREEDY, 0))), 1), 0);
        GenerationRequest request = new GenerationRequest(
                prompt, 1, 12, SamplingSettings.GREEDY, 0, List.of(), List.of(ids.get(5)), 0, false, null);
        List<GenerationEvent> events = drain(engine.generate(List.of(request)), 1);
        Finished end = (Finished) events.getLast();
        assertThat(tokens(events, 0)).isEqualTo(ids.subList(0, ids.indexOf(ids.get(5))));
        assertThat(end.reason()).isEqualTo(FinishReason.STOP);
        assertThat(end.end()).extracting(ScoredToken::id).containsExactly(ids.get(5));
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
        engine = engine(new EngineSettings(64, 64, 256 << 20, 512, 10));
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
        engine = engine(settings(1, 2, 256 << 20));
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
        engine = engine(settings(2, 64, 256 << 20));
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
        engine = engine(settings(4, 4, 1 << 20));
        assertThatThrownBy(() -> engine.generate(List.of(request(encode("Once"), 1, 500, WARM, 1))))
                .isInstanceOf(CacheTooSmallException.class)
                .hasMessageContaining("cache-bytes");
    }

    @Test
    void takesTurnsWhenMemoryIsShort() {
        engine.close();
        long bytesPerToken = KvCache.bytesPerPosition(model.config(), KvCache.Precision.FLOAT32);
        engine = engine(settings(8, 64, 130 * bytesPerToken));
        List<GenerationStream> streams = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            streams.add(engine.generate(List.of(request(encode("Story " + i), 1, 50, WARM, i))));
        }
        streams.forEach(stream -> assertThat(tokens(drain(stream, 1), 0)).hasSize(50));
    }

    @Test
    void embedsTheMeanOfTheNormedHiddenStates() {
        int[] ids = encode("A quiet harbour in the morning");
        float[] together = embedding(engine.embed(List.of(new EmbeddingRequest(ids))));
        assertThat(together).hasSize(model.config().hiddenSize());
        // Rows of an RMS norm without weights have length √D; the mean of such cannot be zero nor far longer.
        double square = 0;
        for (float value : together) {
            square += value * value;
        }
        assertThat(Math.sqrt(square)).isBetween(0.1, 1000.0);
        assertThat(embedding(engine.embed(List.of(new EmbeddingRequest(ids))))).isEqualTo(together);
    }

    private static float[] embedding(GenerationStream stream) {
        return ((Embedded) drain(stream, 1).getFirst()).embedding();
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
