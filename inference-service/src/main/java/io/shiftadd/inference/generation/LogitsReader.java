package io.shiftadd.inference.generation;

import io.shiftadd.inference.generation.Sequence.Writing;
import io.shiftadd.inference.generation.sampling.LogSoftmax;
import io.shiftadd.inference.generation.sampling.SamplingScratch;
import io.shiftadd.inference.generation.sampling.ScoredToken;
import io.shiftadd.inference.generation.sampling.TokenConstraint;
import io.shiftadd.model.Logits;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Chooses and scores tokens from logits. The positions of a step are read side by side, each by one thread; of a
 * sequence, only its last one changes anything: its sampler and its constraint.
 */
final class LogitsReader {

    private final EngineModel model;
    private final SamplingScratch[] scratch;

    /**
     * What the logits of a position gave.
     *
     * @param token chosen to follow; {@link #NO_TOKEN} if none was to be
     * @param score of the token that follows, or null if it was not asked for
     * @param failure what went wrong instead
     */
    record Reading(
            int token,
            @Nullable ScoredToken score,
            @Nullable RuntimeException failure) {

        static final int NO_TOKEN = -1;

        static Reading failed(RuntimeException failure) {
            return new Reading(NO_TOKEN, null, failure);
        }
    }

    LogitsReader(EngineModel model, int threads) {
        this.model = model;
        scratch = new SamplingScratch[threads];
        Arrays.setAll(scratch, _ -> new SamplingScratch());
    }

    /**
     * Scores what the prompt has after a position, or chooses the token after the last one.
     *
     * @param worker the calling thread's number
     */
    Reading read(Sequence sequence, int position, float[] logits, int offset, int worker) {
        try {
            requireFinite(logits, offset);
            int next = position + 1;
            if (next < sequence.promptLength()) {
                int alternatives = Math.max(0, sequence.writing().request().alternatives());
                int token = sequence.token(next);
                return new Reading(token, distribution(logits, offset).score(token, alternatives), null);
            }
            return choose(sequence, logits, offset, scratch[worker]);
        } catch (RuntimeException e) {
            return Reading.failed(e);
        }
    }

    private Reading choose(Sequence sequence, float[] logits, int offset, SamplingScratch own) {
        Writing writing = sequence.writing();
        GenerationRequest request = writing.request();
        int remaining = request.maxTokens() - sequence.generated();
        if (remaining == 0) {
            return new Reading(Reading.NO_TOKEN, null, null);
        }
        float[] row = own.row(model.vocabularySize());
        System.arraycopy(logits, offset, row, 0, model.vocabularySize());
        BitSet allowed = allowed(writing, remaining);
        int token = writing.sampler().sample(row, model.choosableTokens(), allowed, own);
        ScoredToken score = request.scores() ? distribution(logits, offset).score(token, request.alternatives()) : null;
        return new Reading(token, score, null);
    }

    private void requireFinite(float[] logits, int offset) {
        int token = Logits.firstNotFinite(logits, offset, model.vocabularySize());
        if (token >= 0) {
            throw NotFiniteException.ofLogit(model.name(), token, logits[offset + token]);
        }
    }

    private LogSoftmax distribution(float[] logits, int offset) {
        return new LogSoftmax(logits, offset, model.vocabularySize());
    }

    private static @Nullable BitSet allowed(Writing writing, int remaining) {
        TokenConstraint constraint = writing.constraint();
        if (constraint == null || constraint.anything()) {
            return null;
        }
        BitSet allowed = constraint.allowed(remaining);
        if (!constraint.mayEnd()) {
            return allowed;
        }
        BitSet orEnd = (BitSet) allowed.clone();
        writing.request().endIds().forEach(orEnd::set);
        return orEnd;
    }
}
