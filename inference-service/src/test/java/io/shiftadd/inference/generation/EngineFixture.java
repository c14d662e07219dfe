package io.shiftadd.inference.generation;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.Samples;
import io.shiftadd.inference.generation.GenerationEvent.Embedded;
import io.shiftadd.inference.generation.GenerationEvent.Failed;
import io.shiftadd.inference.generation.GenerationEvent.Finished;
import io.shiftadd.inference.generation.GenerationEvent.Text;
import io.shiftadd.inference.generation.sampling.SamplingSettings;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.tokenizer.Tokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** An engine that runs llama-mini, and what its tests ask of it. */
public abstract class EngineFixture {

    static final Duration PATIENCE = Duration.ofSeconds(60);
    protected static final SamplingSettings WARM = new SamplingSettings(1, 0.95, 0, 0, 1.1, 0, 0, Map.of());

    protected final CausalLanguageModel model = CausalLanguageModel.open(Samples.model("llama-mini"));
    protected final Tokenizer tokenizer = Tokenizer.open(Samples.model("llama-mini"));
    protected final ComputeTurns turns = new ComputeTurns(2);
    final Watch watch = new Watch();
    protected GenerationEngine engine = engine(settings(64, 64), 256 << 20);

    protected static EngineSettings settings(int sequences, int waiting) {
        return new EngineSettings(sequences, waiting, 512, 256, Speculation.AUTO, Duration.ofSeconds(30));
    }

    protected GenerationEngine engine(EngineSettings settings, long cacheBytes) {
        return engine(settings, new CacheMemory(cacheBytes));
    }

    protected GenerationEngine engine(EngineSettings settings, CacheMemory memory) {
        EngineModel engineModel = new EngineModel("llama-mini", model, tokenizer, KvCache.Precision.FLOAT32);
        return new GenerationEngine(engineModel, settings, memory, turns, watch);
    }

    @AfterEach
    void close() {
        engine.close();
        turns.close();
        tokenizer.close();
        model.close();
    }

    /** Counts what the engine tells. */
    static final class Watch implements EngineObserver {
        final AtomicLong stepTokens = new AtomicLong();
        final AtomicInteger mostTogether = new AtomicInteger();
        final AtomicInteger running = new AtomicInteger();
        final AtomicLong reserved = new AtomicLong();
        final AtomicInteger cached = new AtomicInteger();
        final AtomicInteger restored = new AtomicInteger();

        /** What a step of the engine throws. */
        volatile @Nullable Error fails;

        @Override
        public void step(int sequences, int tokens, long nanos) {
            Error failure = fails;
            if (failure != null) {
                throw failure;
            }
            stepTokens.addAndGet(tokens);
            mostTogether.accumulateAndGet(sequences, Math::max);
        }

        @Override
        public void running(int sequences, long cacheBytes, long prefixBytes) {
            running.set(sequences);
            reserved.set(cacheBytes);
        }

        @Override
        public void restored(int tokens) {
            restored.addAndGet(tokens);
        }

        @Override
        public void firstToken(int promptTokens, int cachedTokens, Duration sinceSubmitted) {
            cached.addAndGet(cachedTokens);
        }
    }

    protected GenerationRequest request(
            int[] prompt, int choices, int maxTokens, SamplingSettings sampling, long seed) {
        return new GenerationRequest(
                prompt, choices, maxTokens, sampling, seed, List.of(), List.of(), 0, false, false, Set.of(), null);
    }

    protected static List<GenerationEvent> drain(GenerationStream stream, int choices) {
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

    static GenerationEvent next(GenerationStream stream) {
        try {
            return stream.next(Duration.ofMillis(100));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    protected static List<Integer> tokens(List<GenerationEvent> events, int choice) {
        List<Integer> ids = new ArrayList<>();
        for (GenerationEvent event : events) {
            if (event.choice() == choice && event instanceof Text text) {
                text.tokens().forEach(token -> ids.add(token.id()));
            }
        }
        return ids;
    }

    static String text(List<GenerationEvent> events, int choice) {
        StringBuilder text = new StringBuilder();
        for (GenerationEvent event : events) {
            if (event.choice() == choice && event instanceof Text piece) {
                text.append(piece.text());
            }
        }
        return text.toString();
    }

    protected int[] encode(String text) {
        return tokenizer.encode(text, true);
    }
}
