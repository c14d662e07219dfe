package io.shiftadd.inference.generation.warmup;

import io.shiftadd.inference.generation.CacheMemory;
import io.shiftadd.inference.generation.ComputeTurns;
import io.shiftadd.inference.generation.EngineModel;
import io.shiftadd.inference.generation.EngineObserver;
import io.shiftadd.inference.generation.EngineSettings;
import io.shiftadd.inference.generation.GenerationEngine;
import io.shiftadd.inference.generation.GenerationEvent;
import io.shiftadd.inference.generation.GenerationRequest;
import io.shiftadd.inference.generation.GenerationStream;
import io.shiftadd.inference.generation.sampling.SamplingSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Answers a few made-up prompts before anybody asks, by an engine of its own: sampling, text and queues are compiled
 * then, too, which the kernels alone do not bring about.
 */
public final class EngineRehearsal {

    private static final int TOKENS = 24;

    /** Positions that an answer takes. */
    public static final int CONTEXT = TOKENS + 1;

    private static final int PROMPT_TOKEN = 0;
    private static final SamplingSettings DRAWN = new SamplingSettings(1, 0.9, 40, 0, 1.1, 0, 0, Map.of());

    /** The compiler has had nothing to do for so many answers on end. */
    private static final int AT_REST = 4;

    private static final Duration LOOK = Duration.ofMillis(200);

    private EngineRehearsal() {}

    /**
     * @param longest it may take, but for an answer that has begun; zero: not at all
     * @return how long it took
     */
    public static Duration run(
            EngineModel model, EngineSettings settings, CacheMemory memory, ComputeTurns turns, Duration longest) {
        long start = System.nanoTime();
        CompilerQueue compiler = new CompilerQueue();
        int atRest = 0;
        try (GenerationEngine engine = new GenerationEngine(model, settings, memory, turns, EngineObserver.NONE)) {
            for (int answer = 0; atRest < AT_REST && System.nanoTime() - start < longest.toNanos(); answer++) {
                answer(engine, answer);
                atRest = compiler.isIdle() ? atRest + 1 : 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void answer(GenerationEngine engine, int number) throws InterruptedException {
        SamplingSettings sampling = number % 2 == 0 ? SamplingSettings.GREEDY : DRAWN;
        GenerationRequest request = new GenerationRequest(
                new int[] {PROMPT_TOKEN},
                1,
                TOKENS,
                sampling,
                number,
                List.of(),
                List.of(),
                GenerationRequest.NO_SCORES,
                false,
                false,
                Set.of(),
                null);
        try (GenerationStream stream = engine.generate(List.of(request))) {
            GenerationEvent event;
            do {
                event = stream.next(LOOK);
            } while (!(event instanceof GenerationEvent.Finished) && !(event instanceof GenerationEvent.Failed));
        }
    }
}
