package io.shiftadd.quantize.evaluation;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.TokenBatch;
import io.shiftadd.quantize.evaluation.Prompt.Continuation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Two passes through a model: all contexts, then all continuations but their last tokens. */
final class PromptBatch {

    /** Logits that are in memory at once. */
    private static final int LOGITS = 1 << 24;

    private final CausalLanguageModel model;
    private final List<Prompt> prompts;
    private final KernelContext context;
    private final int width;

    /** A state of the model, and which tokens it has to foresee. */
    private record Foresight(int row, List<Continuation> continuations, int position) {}

    PromptBatch(CausalLanguageModel model, List<Prompt> prompts, KernelContext context) {
        this.model = model;
        this.prompts = prompts;
        this.context = context;
        this.width = model.config().hiddenSize();
    }

    void run() {
        if (prompts.isEmpty()) {
            return;
        }
        List<KvCache> caches = passContexts();
        passContinuations(caches);
    }

    private List<KvCache> passContexts() {
        List<KvCache> caches = new ArrayList<>();
        List<TokenBatch.Segment> segments = new ArrayList<>();
        List<int[]> ids = new ArrayList<>();
        List<Foresight> foresights = new ArrayList<>();
        int row = -1;
        for (Prompt prompt : prompts) {
            int length = prompt.context().length;
            KvCache cache = model.newCache(length);
            caches.add(cache);
            segments.add(new TokenBatch.Segment(cache, length));
            ids.add(prompt.context());
            row += length;
            foresights.add(new Foresight(row, prompt.continuations(), 0));
        }
        foresee(forward(ids, segments), foresights);
        return caches;
    }

    private void passContinuations(List<KvCache> caches) {
        List<TokenBatch.Segment> segments = new ArrayList<>();
        List<int[]> ids = new ArrayList<>();
        List<Foresight> foresights = new ArrayList<>();
        int row = 0;
        for (int i = 0; i < prompts.size(); i++) {
            for (Continuation continuation : prompts.get(i).continuations()) {
                int count = continuation.tokens().length - 1;
                if (count > 0) {
                    int filled = caches.get(i).length();
                    segments.add(new TokenBatch.Segment(caches.get(i).fork(filled, filled + count), count));
                    ids.add(Arrays.copyOf(continuation.tokens(), count));
                    for (int t = 0; t < count; t++) {
                        foresights.add(new Foresight(row++, List.of(continuation), t + 1));
                    }
                }
            }
        }
        if (!segments.isEmpty()) {
            foresee(forward(ids, segments), foresights);
        }
    }

    private float[] forward(List<int[]> ids, List<TokenBatch.Segment> segments) {
        int[] all = ids.stream().flatMapToInt(Arrays::stream).toArray();
        float[] hidden = new float[Math.multiplyExact(all.length, width)];
        model.forward(new TokenBatch(all, segments), hidden, context);
        return hidden;
    }

    private void foresee(float[] hidden, List<Foresight> foresights) {
        int vocabulary = model.config().vocabularySize();
        int step = Math.clamp(LOGITS / vocabulary, 1, foresights.size());
        float[] states = new float[step * width];
        float[] logits = new float[Math.multiplyExact(step, vocabulary)];
        for (int from = 0; from < foresights.size(); from += step) {
            int count = Math.min(step, foresights.size() - from);
            for (int i = 0; i < count; i++) {
                System.arraycopy(hidden, foresights.get(from + i).row() * width, states, i * width, width);
            }
            int first = from;
            model.logits(states, count, logits, context);
            context.parallelFor(count, (i, _) -> read(logits, i * vocabulary, vocabulary, foresights.get(first + i)));
        }
    }

    private static void read(float[] logits, int offset, int count, Foresight foresight) {
        int likeliest = 0;
        for (int i = 1; i < count; i++) {
            if (logits[offset + i] > logits[offset + likeliest]) {
                likeliest = i;
            }
        }
        double greatest = logits[offset + likeliest];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.exp(logits[offset + i] - greatest);
        }
        double norm = greatest + Math.log(sum);
        for (Continuation continuation : foresight.continuations()) {
            if (foresight.position() < continuation.tokens().length) {
                int token = continuation.tokens()[foresight.position()];
                double logLikelihood = logits[offset + token] - norm;
                if (!Double.isFinite(logLikelihood)) {
                    throw MeasurementException.notFinite("a log-likelihood of " + logLikelihood);
                }
                continuation.foresee(foresight.position(), logLikelihood, token == likeliest);
            }
        }
    }
}
