package io.shiftadd.inference.generation;

import io.shiftadd.inference.generation.ChoiceText.Piece;
import io.shiftadd.inference.generation.GenerationEvent.Finished;
import io.shiftadd.inference.generation.GenerationEvent.Text;
import io.shiftadd.inference.generation.LogitsReader.Reading;
import io.shiftadd.inference.generation.Sequence.Writing;
import io.shiftadd.inference.generation.sampling.ScoredToken;
import io.shiftadd.inference.generation.sampling.TokenConstraint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns tokens into events, and knows when a choice ends. Belongs to the engine's thread. */
final class ChoiceWriter {

    private final EngineObserver observer;

    ChoiceWriter(EngineObserver observer) {
        this.observer = observer;
    }

    /** Goes on after the last token; returns whether the choice is complete. */
    boolean next(Sequence sequence, Reading reading) {
        return sequence.generated() == 0 ? begin(sequence, reading) : append(sequence, reading);
    }

    /** The prompt is computed: tells its scores and takes the first token. */
    boolean begin(Sequence sequence, Reading reading) {
        Work work = sequence.work;
        GenerationRequest request = sequence.writing().request();
        if (!work.firstTokenSeen) {
            work.firstTokenSeen = true;
            Duration elapsed = Duration.ofNanos(System.nanoTime() - work.submittedNanos);
            observer.firstToken(request.prompt().length, work.cachedTokens, elapsed);
        }
        if (request.scorePrompt()) {
            publishPromptScores(sequence);
        }
        return request.maxTokens() == 0 ? endEmpty(sequence) : append(sequence, reading);
    }

    private static void publishPromptScores(Sequence sequence) {
        List<ScoredToken> scores = new ArrayList<>();
        scores.add(new ScoredToken(sequence.token(0), null, List.of()));
        scores.addAll(sequence.promptScores);
        sequence.work.stream.publish(new GenerationEvent.PromptScored(sequence.choice, scores));
    }

    /** Nothing was to be generated. */
    boolean endEmpty(Sequence sequence) {
        publish(sequence, sequence.writing().text().finish());
        sequence.work.stream.publish(
                new Finished(sequence.choice, FinishReason.LENGTH, List.of(), null, 0, sequence.work.cachedTokens));
        return true;
    }

    /** @throws NotFiniteException when the model computed no embedding that can be told */
    boolean embed(Sequence sequence, String model, double[] hiddenSum) {
        float[] mean = new float[hiddenSum.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (hiddenSum[i] / sequence.promptLength());
            if (!Float.isFinite(mean[i])) {
                throw NotFiniteException.ofEmbedding(model, i, mean[i]);
            }
        }
        sequence.work.stream.publish(new GenerationEvent.Embedded(sequence.choice, mean));
        return true;
    }

    private boolean append(Sequence sequence, Reading reading) {
        sequence.append(reading.token());
        observer.token();
        if (sequence.writing().request().endIds().contains(reading.token())) {
            return finish(sequence, FinishReason.STOP, reading.score());
        }
        return write(sequence, reading.token(), reading.score());
    }

    private boolean write(Sequence sequence, int token, @Nullable ScoredToken score) {
        Writing writing = sequence.writing();
        TokenConstraint constraint = writing.constraint();
        if (constraint != null) {
            constraint.accept(token);
        }
        publish(sequence, writing.text().push(token, score));
        if (writing.text().stopped() || constraint != null && constraint.mustEnd()) {
            return finish(sequence, FinishReason.STOP, null);
        }
        if (sequence.generated() == writing.request().maxTokens()) {
            boolean whole = constraint != null && constraint.isComplete();
            return finish(sequence, whole ? FinishReason.STOP : FinishReason.LENGTH, null);
        }
        return false;
    }

    private static boolean finish(Sequence sequence, FinishReason reason, @Nullable ScoredToken end) {
        publish(sequence, sequence.writing().text().finish());
        List<ScoredToken> ending = end == null ? List.of() : List.of(end);
        sequence.work.stream.publish(new Finished(
                sequence.choice,
                reason,
                ending,
                sequence.writing().text().stop(),
                sequence.generated(),
                sequence.work.cachedTokens));
        return true;
    }

    private static void publish(Sequence sequence, Piece piece) {
        if (!piece.isEmpty()) {
            sequence.work.stream.publish(new Text(sequence.choice, piece.text(), piece.tokens(), sequence.generated()));
        }
    }
}
