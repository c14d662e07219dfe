package io.shiftadd.inference.generation;

import io.shiftadd.inference.generation.sampling.ScoredToken;
import io.shiftadd.inference.prefix.Restoration;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.tokenizer.IncrementalDecoder;
import io.shiftadd.tokenizer.Tokenizer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One prompt with its choices, from the queue until the last choice has started. The first choice computes the prompt;
 * the others fork its cache and start from its logits. Belongs to the engine's thread once taken from the queue.
 */
final class Work {

    final PromptTask task;
    final GenerationStream stream;
    final int firstChoice;
    /** Has seen the prompt; each choice goes on with a copy. */
    final IncrementalDecoder decoder;

    final long submittedNanos = System.nanoTime();

    int started;
    boolean firstTokenSeen;
    int cachedTokens;

    @Nullable
    PromptResult result;

    /** What there is of its beginning on disk; null as long as nobody has looked. */
    @Nullable
    Restoration restoration;

    /**
     * What the prompt's computation leaves for further choices.
     *
     * @param cache of the prompt's length
     * @param logits of the prompt's last token
     */
    record PromptResult(KvCache cache, float[] logits, List<ScoredToken> scores) {}

    Work(PromptTask task, GenerationStream stream, int firstChoice, Tokenizer tokenizer) {
        this.task = task;
        this.stream = stream;
        this.firstChoice = firstChoice;
        this.decoder = decoderAfter(task, tokenizer);
    }

    /**
     * A decoder that knows what stands before: many tokenizers drop the blank before a text's first word, which must
     * not happen in mid-text, and a character may begin in the prompt and end in the answer.
     */
    private static IncrementalDecoder decoderAfter(PromptTask task, Tokenizer tokenizer) {
        IncrementalDecoder decoder = tokenizer.incrementalDecoder();
        if (task instanceof GenerationRequest request) {
            for (int id : request.prompt()) {
                if (id < tokenizer.vocabularySize()) {
                    decoder.push(id);
                }
            }
            if (!request.echo()) {
                decoder.cut();
            }
        }
        return decoder;
    }

    boolean allStarted() {
        return started == task.choices();
    }

    /** Whether its first choice is still computing the prompt that the next choice needs. */
    boolean waitsForPrompt() {
        return started > 0 && result == null;
    }
}
