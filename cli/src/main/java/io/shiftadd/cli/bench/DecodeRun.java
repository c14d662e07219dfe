package io.shiftadd.cli.bench;

import com.sun.management.ThreadMXBean;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.DecoderBlock;
import io.shiftadd.model.Logits;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.TokenBatch;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One prompt and some tokens after it, of one or more sequences side by side, through the model's forward pass. */
final class DecodeRun {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final CausalLanguageModel model;
    private final KernelContext context;
    private final KvCache.Precision cachePrecision;
    private final int promptTokens;
    private final boolean madeUp;
    private final int streams;
    private final float[] hidden;
    private final float[] last;
    private final float[] logits;
    private final int[] prompt;
    private final int[] next;
    private final List<KvCache> caches = new ArrayList<>();

    /** Side by side, as the service does it. */
    private final KernelContext.ChunkTask chooseNext;

    /** What some tokens took: time, and bytes of the heap by the calling thread. */
    record Decoded(long nanos, long allocatedBytes) {

        static final Decoded NOTHING = new Decoded(0, 0);

        Decoded plus(Decoded other) {
            return new Decoded(nanos + other.nanos, allocatedBytes + other.allocatedBytes);
        }
    }

    DecodeRun(
            CausalLanguageModel model,
            KernelContext context,
            KvCache.Precision cachePrecision,
            int promptTokens,
            int streams) {
        this(model, context, new DecodeLoad(cachePrecision, promptTokens, false, 0, streams));
    }

    /** @param load whose context every {@link #begin} makes, and as many streams */
    DecodeRun(CausalLanguageModel model, KernelContext context, DecodeLoad load) {
        this.model = model;
        this.context = context;
        this.cachePrecision = load.cachePrecision();
        this.promptTokens = load.context();
        this.madeUp = load.madeUp();
        this.streams = load.streams();
        int width = model.config().hiddenSize();
        int vocabulary = model.config().vocabularySize();
        hidden = new float[(madeUp ? streams : Math.max(promptTokens, streams)) * width];
        last = new float[width];
        logits = new float[streams * vocabulary];
        next = new int[streams];
        chooseNext = (stream, _) -> next[stream] = largest(stream);
        prompt = new SplittableRandom(7)
                .ints(madeUp ? 0 : promptTokens, 0, vocabulary)
                .toArray();
    }

    /** Bytes of the linear layers' weights, which every token reads. */
    long bytesPerToken() {
        long bytes = model.head().weightBytes();
        for (int i = 0; i < model.blockCount(); i++) {
            DecoderBlock block = model.block(i);
            for (String name : block.linearNames()) {
                LinearLayer layer = block.linear(name);
                bytes += layer.weightBytes();
            }
        }
        return bytes;
    }

    /** Makes every stream's context and decodes. */
    Decoded run(int tokens) {
        begin(tokens);
        return decode(tokens);
    }

    /**
     * Makes every stream's context.
     *
     * @param tokens that will be decoded after it
     * @return nanoseconds from the first prompt to the first token chosen; 0 where the context is made up
     */
    long begin(int tokens) {
        if (madeUp) {
            makeUp(tokens);
            return 0;
        }
        caches.clear();
        long firstToken = 0;
        for (int s = 0; s < streams; s++) {
            KvCache cache = model.newCache(promptTokens + tokens, cachePrecision);
            caches.add(cache);
            prompt[0] = s;
            long start = System.nanoTime();
            model.forward(TokenBatch.of(cache, prompt.clone()), hidden, context);
            int width = model.config().hiddenSize();
            System.arraycopy(hidden, (promptTokens - 1) * width, last, 0, width);
            model.logits(last, 1, logits, context);
            next[s] = largest(0);
            if (s == 0) {
                firstToken = System.nanoTime() - start;
            }
        }
        return firstToken;
    }

    /** Caches with made-up keys and values, filled once and then cut back to them. */
    private void makeUp(int tokens) {
        for (int s = 0; s < streams; s++) {
            if (caches.size() == s) {
                KvCache cache = model.newCache(promptTokens + tokens, cachePrecision);
                new MadeUpContext(model.config(), s).fill(cache, promptTokens);
                caches.add(cache);
            }
            caches.get(s).truncate(promptTokens);
            next[s] = s;
        }
    }

    /** Decodes so many tokens of every stream, greedily. */
    Decoded decode(int tokens) {
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        for (int i = 0; i < tokens; i++) {
            List<TokenBatch.Segment> segments = new ArrayList<>(streams);
            for (KvCache cache : caches) {
                segments.add(new TokenBatch.Segment(cache, 1));
            }
            model.forward(new TokenBatch(next, segments), hidden, context);
            model.logits(hidden, streams, logits, context);
            context.parallelFor(streams, chooseNext);
        }
        long nanos = System.nanoTime() - start;
        return new Decoded(nanos, THREADS.getCurrentThreadAllocatedBytes() - allocated);
    }

    private int largest(int row) {
        int vocabulary = model.config().vocabularySize();
        int from = row * vocabulary;
        int largest = Logits.largest(logits, from, vocabulary);
        if (!Float.isFinite(logits[from + largest])) {
            throw new IllegalStateException("the logits are not numbers; what was measured is not a forward pass");
        }
        return largest;
    }
}
