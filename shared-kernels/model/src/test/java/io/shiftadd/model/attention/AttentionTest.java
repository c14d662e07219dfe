package io.shiftadd.model.attention;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.cache.BatchLayout;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Attention against plain loops, at every precision of the cache, for any size and number of heads; and that its bits
 * depend on neither the threads nor what else is computed. Run once for each length of vectors, see the module's POM.
 */
class AttentionTest {

    /** More than a page, the last one not full: few, since vectors are slow until they are compiled. */
    private static final int TOKENS = KvCache.PAGE + 3;

    private static final int FOREVER = Integer.MAX_VALUE;

    /** All that changes which loops run: groups of heads, sizes that are no multiple of a vector, what masks a page. */
    static List<PlainAttention> cases() {
        List<PlainAttention> cases = new ArrayList<>();
        for (KvCache.Precision precision : KvCache.Precision.values()) {
            cases.add(new PlainAttention(precision, 1, 1, 33, 0, 40, 0));
            cases.add(new PlainAttention(precision, 2, 2, 20, 0, FOREVER, 0.05f));
            cases.add(new PlainAttention(precision, 1, 7, 48, 3, FOREVER, 0));
            cases.add(new PlainAttention(precision, 1, 8, 80, 0, FOREVER, 0));
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isWhatPlainLoopsComputeInTheSameBitsAloneAndInAPromptOnAnyNumberOfThreads(PlainAttention plain) {
        Sequence sequence = new Sequence(plain);
        float[] expected = plain.run(sequence.queries, sequence.keys, sequence.values, TOKENS);
        float[] whole = sequence.inParts(TOKENS, 1);
        float largest = 0;
        float difference = 0;
        for (int i = 0; i < expected.length; i++) {
            assertThat(whole[i]).as("element " + i).isFinite();
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(whole[i] - expected[i]));
        }
        assertThat(difference / largest).isLessThan(1e-5f);
        assertThat(sequence.inParts(1, 3)).containsExactly(whole);
    }

    /** Made-up queries, keys and values of a sequence. */
    private static final class Sequence {

        private final PlainAttention plain;
        private final float[] queries;
        private final float[] keys;
        private final float[] values;

        Sequence(PlainAttention plain) {
            this.plain = plain;
            Random random = new Random(plain.hashCode());
            int width = plain.kvHeads() * plain.headDim();
            queries = random(random, TOKENS * width * plain.group());
            keys = random(random, TOKENS * width);
            values = random(random, TOKENS * width);
            // A vector of nothing has no step.
            Arrays.fill(keys, 3 * width, 4 * width, 0);
            Arrays.fill(values, 3 * width, 4 * width, 0);
        }

        private static float[] random(Random random, int count) {
            float[] x = new float[count];
            for (int i = 0; i < count; i++) {
                x[i] = (float) (2 * random.nextGaussian());
            }
            return x;
        }

        float[] inParts(int part, int threads) {
            float[] all = new float[queries.length];
            KvCache cache = new KvCache(1, plain.kvHeads(), plain.headDim(), TOKENS, plain.precision());
            BatchLayout layout = new BatchLayout();
            KeyValueWriter.Task write = new KeyValueWriter.Task(layout);
            try (KernelContext context = KernelContext.create(threads)) {
                Attention attention = new Attention(layout, threads);
                for (int from = 0; from < TOKENS; from += part) {
                    int count = Math.min(part, TOKENS - from);
                    TokenBatch batch = new TokenBatch(new int[count], List.of(new TokenBatch.Segment(cache, count)));
                    layout.set(batch);
                    float[] q = part(queries, from, count);
                    float[] result = new float[q.length];
                    write.begin(shape(), batch, q, part(keys, from, count), part(values, from, count));
                    attention.run(shape(), batch, q, result, write, context);
                    write.end();
                    cache.advance(count);
                    System.arraycopy(result, 0, all, from * (q.length / count), result.length);
                }
            }
            return all;
        }

        private static float[] part(float[] all, int from, int count) {
            int width = all.length / TOKENS;
            return Arrays.copyOfRange(all, from * width, (from + count) * width);
        }

        private AttentionShape shape() {
            int heads = plain.kvHeads() * plain.group();
            int d = plain.headDim();
            HeadView keyView = new HeadView(plain.kvHeads() * d, d, 0);
            float[] slopes = new float[heads];
            Arrays.fill(slopes, plain.slope());
            return new AttentionShape(
                    0,
                    true,
                    heads,
                    plain.kvHeads(),
                    d,
                    plain.scale(),
                    plain.softCap(),
                    plain.window(),
                    plain.slope() == 0 ? null : slopes,
                    null,
                    null,
                    null,
                    new HeadView(heads * d, d, 0),
                    keyView,
                    keyView);
        }
    }
}
