package io.shiftadd.quantize.evaluation;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.IdWithoutRowException;
import io.shiftadd.model.TokenGate;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Log-likelihoods of the choices of many examples. Choices with one context share its pass: the context goes through
 * the model once, each choice goes on from a fork of its cache, and the first token of every choice is read off the
 * context's last state. Several contexts make one batch. Batches depend on the examples alone, so results are the same
 * on any number of threads.
 */
public final class ContinuationScorer {

    private static final int BATCH_TOKENS = 4096;

    /** Caches of a batch, unless a single context takes more. */
    private static final long BATCH_CACHE_BYTES = 256L << 20;

    private final CausalLanguageModel model;
    private final Tokenizer tokenizer;
    private final KernelContext context;

    /** Hears how far the scoring is. */
    @FunctionalInterface
    public interface Progress {
        void scored(int examples, int ofExamples);
    }

    public ContinuationScorer(CausalLanguageModel model, Tokenizer tokenizer, KernelContext context) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.context = context;
    }

    /**
     * Scores of the examples' choices, in their order.
     *
     * @throws MeasurementException if a choice does not fit the model's context, has a token that the model does not
     *     know, or gets a score that is no number
     */
    public List<List<ContinuationScore>> score(List<Example> examples, Progress progress) {
        List<List<ContinuationScore>> scores = new ArrayList<>();
        List<Prompt> batch = new ArrayList<>();
        List<Example> inBatch = new ArrayList<>();
        long tokens = 0;
        for (Example example : examples) {
            List<Prompt> prompts = prompts(example);
            long more = prompts.stream().mapToLong(Prompt::tokens).sum();
            if (!batch.isEmpty() && tokens + more > mostTokens()) {
                finish(batch, inBatch, scores);
                tokens = 0;
                progress.scored(scores.size(), examples.size());
            }
            batch.addAll(prompts);
            inBatch.add(example);
            tokens += more;
        }
        finish(batch, inBatch, scores);
        progress.scored(scores.size(), examples.size());
        return scores;
    }

    private long mostTokens() {
        long perToken = KvCache.bytesPerPosition(model.config(), KvCache.Precision.FLOAT32);
        return Math.clamp(BATCH_CACHE_BYTES / Math.max(1, perToken), 1, BATCH_TOKENS);
    }

    private void finish(List<Prompt> batch, List<Example> examples, List<List<ContinuationScore>> scores) {
        new PromptBatch(model, batch, context).run();
        int next = 0;
        for (Example example : examples) {
            ContinuationScore[] ofExample =
                    new ContinuationScore[example.choices().size()];
            int known = 0;
            while (known < ofExample.length) {
                for (Prompt.Continuation continuation : batch.get(next++).continuations()) {
                    ofExample[continuation.choice()] = continuation.score();
                    known++;
                }
            }
            scores.add(List.of(ofExample));
        }
        batch.clear();
        examples.clear();
    }

    private void requireKnown(int[] ids) {
        try {
            TokenGate.of(model.config(), tokenizer::token).pass(ids);
        } catch (IdWithoutRowException unknown) {
            throw MeasurementException.unknown(unknown, "an example", "or leave the task out");
        }
    }

    /** The example's choices by their contexts as they are after cutting. */
    private List<Prompt> prompts(Example example) {
        List<Prompt> prompts = new ArrayList<>();
        for (int i = 0; i < example.choices().size(); i++) {
            EncodedChoice encoded = EncodedChoice.of(example.choices().get(i), tokenizer)
                    .within(model.config().contextLength());
            requireKnown(encoded.context());
            requireKnown(encoded.continuation());
            Prompt prompt = null;
            for (Prompt other : prompts) {
                if (Arrays.equals(other.context(), encoded.context())) {
                    prompt = other;
                }
            }
            if (prompt == null) {
                prompt = new Prompt(encoded.context(), new ArrayList<>());
                prompts.add(prompt);
            }
            prompt.continuations().add(new Prompt.Continuation(i, encoded.continuation()));
        }
        return prompts;
    }
}
