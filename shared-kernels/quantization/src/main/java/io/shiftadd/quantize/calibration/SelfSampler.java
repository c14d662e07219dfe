package io.shiftadd.quantize.calibration;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.TokenBatch;
import io.shiftadd.model.family.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Text that a model writes itself, token by token at temperature 1, where no calibration or evaluation text is given.
 * The same seed gives the same tokens on any number of threads; another seed gives text that is not the same.
 */
public final class SelfSampler {

    /** Sequences that are written side by side at most; none of them depends on how many there are. */
    private static final int MOST_SIDE_BY_SIDE = 128;

    /** The share of the heap that their keys and values may take, and the limits of that. */
    private static final int HEAP_SHARE = 4;

    private static final long LEAST_CACHE_BYTES = 64L << 20;
    private static final long MOST_CACHE_BYTES = 1L << 30;

    private final CausalLanguageModel model;
    private final OptionalInt first;
    private final KernelContext context;

    /** Hears what a model knows of its own text while it writes it. On any thread, tokens of one moment at a time. */
    @FunctionalInterface
    public interface States {

        /**
         * @param sample its number among those that are written
         * @param hidden the state behind the last block begins at {@code offset}
         */
        void state(int sample, int position, float[] hidden, int offset);
    }

    /** @param first the token that begins each sequence; if empty, a random one does */
    public SelfSampler(CausalLanguageModel model, OptionalInt first, KernelContext context) {
        this.model = model;
        this.first = first;
        this.context = context;
    }

    /** @return {@code [samples][length]}, the first token included */
    public int[][] sample(int samples, int length, long seed) {
        return sample(0, samples, length, seed);
    }

    /**
     * A part of what {@link #sample(int, int, long)} gives: sequences do not depend on how many there are, nor on which
     * of them are written together.
     *
     * @param from the first one's number
     */
    public int[][] sample(int from, int samples, int length, long seed) {
        return sample(from, samples, length, seed, null);
    }

    /** The same. @param states hears the model's states on the way, or null */
    public int[][] sample(int from, int samples, int length, long seed, @Nullable States states) {
        if (from < 0 || samples < 1 || length < 1) {
            throw new IllegalArgumentException(
                    samples + " samples of " + length + " tokens: at least one of each is needed");
        }
        SplittableRandom seeds = new SplittableRandom(seed);
        SplittableRandom[] randoms = new SplittableRandom[samples];
        int[][] windows = new int[samples][length];
        for (int i = 0; i < from; i++) {
            seeds.split();
        }
        for (int i = 0; i < samples; i++) {
            randoms[i] = seeds.split();
            int random = randoms[i].nextInt(model.config().vocabularySize());
            windows[i][0] = first.orElse(random);
        }
        int sideBySide = sideBySide(length);
        for (int first = 0; first < samples; first += sideBySide) {
            context.check();
            write(windows, randoms, first, Math.min(samples, first + sideBySide), length, states);
        }
        return windows;
    }

    private int sideBySide(int length) {
        ModelConfig config = model.config();
        long bytes = 2L * Float.BYTES * config.layers() * config.kvHeads() * config.headDim() * length;
        long budget = Math.clamp(Runtime.getRuntime().maxMemory() / HEAP_SHARE, LEAST_CACHE_BYTES, MOST_CACHE_BYTES);
        return (int) Math.clamp(budget / bytes, 1, MOST_SIDE_BY_SIDE);
    }

    private void write(
            int[][] windows, SplittableRandom[] randoms, int from, int end, int length, @Nullable States states) {
        int count = end - from;
        int vocabulary = model.config().vocabularySize();
        float[] hidden = new float[count * model.config().hiddenSize()];
        float[] logits = new float[Math.multiplyExact(count, vocabulary)];
        List<KvCache> caches = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            caches.add(model.newCache(length));
        }
        // Nothing follows the last token: only its state may be asked for.
        int positions = states == null ? length - 1 : length;
        for (int position = 0; position < positions; position++) {
            int[] ids = new int[count];
            List<TokenBatch.Segment> segments = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ids[i] = windows[from + i][position];
                segments.add(new TokenBatch.Segment(caches.get(i), 1));
            }
            model.forward(new TokenBatch(ids, segments), hidden, context);
            if (states != null) {
                int here = position;
                int width = model.config().hiddenSize();
                context.parallelFor(count, (i, _) -> states.state(from + i, here, hidden, i * width));
            }
            if (position + 1 == length) {
                break;
            }
            model.logits(hidden, count, logits, context);
            int next = position + 1;
            context.parallelFor(
                    count,
                    (i, _) -> windows[from + i][next] = draw(logits, i * vocabulary, vocabulary, randoms[from + i]));
        }
    }

    /** One token with the probabilities of a softmax, in double. */
    private static int draw(float[] logits, int offset, int vocabulary, SplittableRandom random) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < vocabulary; i++) {
            greatest = Math.max(greatest, logits[offset + i]);
        }
        double[] sums = new double[vocabulary];
        double sum = 0;
        for (int i = 0; i < vocabulary; i++) {
            sum += Math.exp(logits[offset + i] - greatest);
            sums[i] = sum;
        }
        double wanted = random.nextDouble() * sum;
        int low = 0;
        int high = vocabulary - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sums[middle] > wanted) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
