package io.shiftadd.cli.bench;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.attention.AngularAttention;
import io.shiftadd.model.attention.Attention;
import io.shiftadd.model.attention.AttentionShape;
import io.shiftadd.model.attention.HeadView;
import io.shiftadd.model.attention.KeyValueWriter;
import io.shiftadd.model.cache.BatchLayout;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.TokenBatch;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Linear attention over binary codes beside softmax attention, both as the blocks run them. */
final class AttentionRun {

    private AttentionRun() {}

    static void print(PrintWriter out, KernelContext context) {
        out.printf("%nattention on %d threads%n", context.threads());
        for (int tokens : new int[] {65, 196, 784, 3136}) {
            double linear = linear(tokens, 1, 32, context);
            double softmax = softmax(tokens, 1, 32, context);
            out.printf(
                    Locale.ROOT,
                    "1 head of 32, tokens %4d: linear %.1f µs, softmax %.1f µs, %.1f ×%n",
                    tokens,
                    1e6 * linear,
                    1e6 * softmax,
                    softmax / linear);
            out.flush();
        }
    }

    private static TokenBatch batch(int tokens, int heads, int d) {
        KvCache cache = new KvCache(1, heads, d, tokens, KvCache.Precision.FLOAT32);
        return new TokenBatch(new int[tokens], List.of(new TokenBatch.Segment(cache, tokens)));
    }

    private static double linear(int tokens, int heads, int d, KernelContext context) {
        int width = heads * d;
        AngularAttention.Parameters shape = new AngularAttention.Parameters(
                heads, d, new float[width], new float[width], VisionRun.random(heads * AngularAttention.TAPS));
        float[] q = VisionRun.random(tokens * width);
        float[] result = new float[q.length];
        AngularAttention attention = new AngularAttention(context.threads());
        TokenBatch batch = batch(tokens, heads, d);
        return Stopwatch.median(() -> attention.run(shape, batch, q, q, q, result, context));
    }

    private static double softmax(int tokens, int heads, int d, KernelContext context) {
        int width = heads * d;
        HeadView view = new HeadView(width, d, 0);
        AttentionShape shape = new AttentionShape(
                0,
                false,
                heads,
                heads,
                d,
                (float) (1 / Math.sqrt(d)),
                0,
                Integer.MAX_VALUE,
                null,
                null,
                null,
                null,
                view,
                view,
                view);
        BatchLayout layout = new BatchLayout();
        KeyValueWriter.Task write = new KeyValueWriter.Task(layout);
        Attention attention = new Attention(layout, context.threads());
        TokenBatch batch = batch(tokens, heads, d);
        layout.set(batch);
        float[] q = VisionRun.random(tokens * width);
        float[] result = new float[q.length];
        return Stopwatch.median(() -> {
            write.begin(shape, batch, q, q, q);
            attention.run(shape, batch, q, result, write, context);
            write.end();
        });
    }
}
