package io.shiftadd.inference.generation;

import io.shiftadd.inference.generation.ChoiceText.Piece;
import io.shiftadd.inference.generation.GenerationEvent.Finished;
import io.shiftadd.inference.generation.GenerationEvent.Text;
import io.shiftadd.inference.generation.Sequence.Writing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns logits into tokens, tokens into events, and knows when a choice ends. Belongs to the engine's thread. */
final class ChoiceWriter {

    private final EngineModel model;
    private final EngineObserver observer;
    private final SamplingScratch scratch = new SamplingScratch();
    private final float[] row;

    ChoiceWriter(EngineModel model, EngineObserver observer) {
        this.model = model;
        this.observer = observer;
        this.row = new float[model.vocabularySize()];
    }

    /** Scores the prompt's token at a position from the logits of the one before. */
    void scorePrompt(Sequence sequence, int position, float[] logits, int offset) {
        LogSoftmax distribution = new LogSoftmax(logits, offset, model.vocabularySize());
        int alternatives = Math.max(0, writing(sequence).request().alternatives());
        sequence.promptScores.add(distribution.score(sequence.token(position), alternatives));
    }

    /** Goes on after the last token; returns whether the choice is complete. */
    boolean next(Sequence sequence, float[] logits, int offset) {
        return sequence.generated() == 0 ? begin(sequence, logits, offset) : choose(sequence, logits, offset);
    }

    /** The prompt is computed: tells its scores and chooses the first token. */
    boolean begin(Sequence sequence, float[] logits, int offset) {
        Work work = sequence.work;
        GenerationRequest request = writing(sequence).request();
        if (!work.firstTokenSeen) {
            work.firstTokenSeen = true;
            Duration elapsed = Duration.ofNanos(System.nanoTime() - work.submittedNanos);
            observer.firstToken(request.prompt().length, work.cachedTokens, elapsed);
        }
        if (request.scorePrompt()) {
            publishPromptScores(sequence);
        }
        return request.maxTokens() == 0 ? endEmpty(sequence) : choose(sequence, logits, offset);
    }

    private static void publishPromptScores(Sequence sequence) {
        List<ScoredToken> scores = new ArrayList<>();
        scores.add(new ScoredToken(sequence.token(0), null, List.of()));
        scores.addAll(sequence.promptScores);
        sequence.work.stream.publish(new GenerationEvent.PromptScored(sequence.choice, scores));
    }

    /** Nothing was to be generated. */
    boolean endEmpty(Sequence sequence) {
        sequence.work.stream.publish(
                new Finished(sequence.choice, FinishReason.LENGTH, List.of(), 0, sequence.work.cachedTokens));
        return true;
    }

    boolean embed(Sequence sequence, double[] hiddenSum) {
        float[] mean = new float[hiddenSum.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (hiddenSum[i] / sequence.promptLength());
        }
        sequence.work.stream.publish(new GenerationEvent.Embedded(sequence.choice, mean));
        return true;
    }

    private boolean choose(Sequence sequence, float[] logits, int offset) {
        Writing writing = writing(sequence);
        GenerationRequest request = writing.request();
        System.arraycopy(logits, offset, row, 0, row.length);
        BitSet allowed = allowed(writing, request.maxTokens() - sequence.generated());
        int token = writing.sampler().sample(row, model.choosableTokens(), allowed, scratch);
        ScoredToken score = request.scores()
                ? new LogSoftmax(logits, offset, row.length).score(token, request.alternatives())
                : null;
        sequence.append(token);
        observer.token();
        if (request.endIds().contains(token)) {
            return finish(sequence, FinishReason.STOP, score);
        }
        return write(sequence, token, score);
    }

    private boolean write(Sequence sequence, int token, @Nullable ScoredToken score) {
        Writing writing = writing(sequence);
        TokenConstraint constraint = writing.constraint();
        if (constraint != null) {
            constraint.accept(token);
        }
        if (score != null) {
            writing.text().score(score);
        }
        publish(sequence, writing.text().push(token));
        if (writing.text().stopped() || constraint != null && constraint.mustEnd()) {
            return finish(sequence, FinishReason.STOP, null);
        }
        if (sequence.generated() == writing.request().maxTokens()) {
            boolean whole = constraint != null && constraint.mayEnd();
            return finish(sequence, whole ? FinishReason.STOP : FinishReason.LENGTH, null);
        }
        return false;
    }

    private @Nullable BitSet allowed(Writing writing, int remaining) {
        TokenConstraint constraint = writing.constraint();
        if (constraint == null) {
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

    private static boolean finish(Sequence sequence, FinishReason reason, @Nullable ScoredToken end) {
        publish(sequence, writing(sequence).text().finish());
        List<ScoredToken> ending = end == null ? List.of() : List.of(end);
        sequence.work.stream.publish(
                new Finished(sequence.choice, reason, ending, sequence.generated(), sequence.work.cachedTokens));
        return true;
    }

    private static void publish(Sequence sequence, Piece piece) {
        if (!piece.isEmpty()) {
            sequence.work.stream.publish(new Text(sequence.choice, piece.text(), piece.tokens()));
        }
    }

    private static Writing writing(Sequence sequence) {
        return Objects.requireNonNull(sequence.writing, "a sequence that only embeds has no logits");
    }
}
