package io.shiftadd.inference.generation;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.TokenBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Runs a made-up model until its passes become no faster. The JVM compiles the kernels meanwhile, which takes a second or
 * two that would otherwise be the first clients'. Requests that come meanwhile take turns with it.
 */
public final class KernelWarmUp {

    private static final int PROMPT = 32;
    private static final int STEPS = 8;
    private static final int TOGETHER = 4;

    /** The kernels are compiled in steps; after so many rounds without a gain they have been. */
    private static final int ROUNDS_WITHOUT_GAIN = 12;

    private static final double GAIN = 0.95;
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final CausalLanguageModel model;
    private final float[] hidden = new float[PROMPT * MadeUpModel.WIDTH];
    private final float[] logits = new float[TOGETHER * MadeUpModel.VOCABULARY];

    private KernelWarmUp(CausalLanguageModel model) {
        this.model = model;
    }

    /**
     * @param cancelled asked between rounds
     * @return how long it took
     */
    public static Duration run(ComputeTurns turns, BooleanSupplier cancelled) {
        long start = System.nanoTime();
        try (CausalLanguageModel model = MadeUpModel.create()) {
            KernelWarmUp warmUp = new KernelWarmUp(model);
            long best = Long.MAX_VALUE;
            int withoutGain = 0;
            while (withoutGain < ROUNDS_WITHOUT_GAIN
                    && System.nanoTime() - start < LONGEST.toNanos()
                    && !cancelled.getAsBoolean()) {
                long began = System.nanoTime();
                turns.run(warmUp::round);
                long taken = System.nanoTime() - began;
                withoutGain = taken < GAIN * best ? 0 : withoutGain + 1;
                best = Math.min(best, taken);
            }
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** What serving does: a prompt, then some tokens for several sequences together. */
    private void round(KernelContext context) {
        int[] ids = new int[PROMPT];
        for (int i = 0; i < PROMPT; i++) {
            ids[i] = i;
        }
        KvCache prompt = model.newCache(MadeUpModel.CONTEXT, KvCache.Precision.FLOAT32);
        model.forward(TokenBatch.of(prompt, ids), hidden, context);
        model.logits(hidden, 1, logits, context);
        List<TokenBatch.Segment> segments = new ArrayList<>();
        List<KvCache> caches = new ArrayList<>();
        for (int i = 0; i < TOGETHER; i++) {
            caches.add(prompt.fork(PROMPT, MadeUpModel.CONTEXT));
        }
        for (int step = 0; step < STEPS; step++) {
            // Alone and together: they are different paths through the kernels.
            int count = step % 2 == 0 ? 1 : TOGETHER;
            segments.clear();
            caches.subList(0, count).forEach(cache -> segments.add(new TokenBatch.Segment(cache, 1)));
            model.forward(new TokenBatch(new int[count], segments), hidden, context);
            model.logits(hidden, count, logits, context);
        }
    }
}
