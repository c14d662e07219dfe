package io.shiftadd.inference.generation.warmup;

import io.shiftadd.inference.generation.ComputeTurns;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.TokenBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Runs a model until its passes become no faster and the compiler has nothing left to do. The JVM compiles the kernels
 * meanwhile, which takes some seconds that would otherwise be the first client's. Requests that come meanwhile take
 * turns with it, a pass each.
 */
public final class KernelWarmUp {

    private static final int PROMPT = 32;
    private static final int STEPS = 8;
    private static final int TOGETHER = 4;

    /**
     * The kernels are compiled in steps, in the background; they have been after so many rounds and so long without a
     * gain and with a compiler at rest.
     */
    private static final int ROUNDS_WITHOUT_GAIN = 12;

    private static final Duration WITHOUT_GAIN = Duration.ofMillis(250);
    private static final double GAIN = 0.95;
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final CausalLanguageModel model;
    private final KvCache.Precision precision;
    private final Consumer<Consumer<KernelContext>> pass;
    private final BooleanSupplier done;
    private final int prompt;
    private final float[] hidden;
    private final float[] logits;

    private KernelWarmUp(
            CausalLanguageModel model, KvCache.Precision precision, ComputeTurns turns, BooleanSupplier done) {
        this.model = model;
        this.precision = precision;
        this.pass = turns::run;
        this.done = done;
        this.prompt = Math.min(PROMPT, model.config().contextLength() - STEPS);
        this.hidden = new float[Math.max(PROMPT, TOGETHER) * model.config().hiddenSize()];
        this.logits = new float[TOGETHER * model.config().vocabularySize()];
    }

    /**
     * Before it is known which model will be asked for: a made-up one that has layers of every kind.
     *
     * @param cancelled asked between passes
     * @return how long it took
     */
    public static Duration run(ComputeTurns turns, KvCache.Precision precision, BooleanSupplier cancelled) {
        try (CausalLanguageModel model = MadeUpModel.create()) {
            return run(model, precision, turns, LONGEST, cancelled);
        }
    }

    /**
     * Of a model that is about to be served, whose shapes the compiler has perhaps not seen yet. A large one, whose
     * first pass takes long, compiles its loops within that.
     *
     * @param longest it may take, but for a pass that has begun; zero: not at all
     * @param cancelled asked between passes
     * @return how long it took
     */
    public static Duration run(
            CausalLanguageModel model,
            KvCache.Precision precision,
            ComputeTurns turns,
            Duration longest,
            BooleanSupplier cancelled) {
        long start = System.nanoTime();
        BooleanSupplier done = () -> cancelled.getAsBoolean() || System.nanoTime() - start >= longest.toNanos();
        KernelWarmUp warmUp = new KernelWarmUp(model, precision, turns, done);
        long best = Long.MAX_VALUE;
        long gained = start;
        int withoutGain = 0;
        CompilerQueue compiler = new CompilerQueue();
        while (warmUp.prompt > 0
                && (withoutGain < ROUNDS_WITHOUT_GAIN || System.nanoTime() - gained < WITHOUT_GAIN.toNanos())
                && !done.getAsBoolean()) {
            long began = System.nanoTime();
            warmUp.round();
            long ended = System.nanoTime();
            boolean goesOn = ended - began < GAIN * best || !compiler.isIdle();
            withoutGain = goesOn ? 0 : withoutGain + 1;
            gained = goesOn ? ended : gained;
            best = Math.min(best, ended - began);
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** What serving does: a prompt, then some tokens for several sequences together. */
    private void round() {
        int capacity = prompt + STEPS;
        KvCache first = model.newCache(capacity, precision);
        int rows = model.config().vocabularySize();
        int[] ids = IntStream.range(0, prompt).map(i -> i % rows).toArray();
        pass(TokenBatch.of(first, ids), 1);
        List<KvCache> caches = new ArrayList<>();
        for (int i = 0; i < TOGETHER; i++) {
            caches.add(first.fork(prompt, capacity));
        }
        for (int step = 0; step < STEPS && !done.getAsBoolean(); step++) {
            // Alone and together: they are different paths through the kernels.
            int count = step % 2 == 0 ? 1 : TOGETHER;
            List<TokenBatch.Segment> segments = new ArrayList<>();
            caches.subList(0, count).forEach(cache -> segments.add(new TokenBatch.Segment(cache, 1)));
            pass(new TokenBatch(new int[count], segments), count);
        }
    }

    private void pass(TokenBatch batch, int predicted) {
        pass.accept(context -> {
            model.forward(batch, hidden, context);
            model.logits(hidden, predicted, logits, context);
        });
    }
}
