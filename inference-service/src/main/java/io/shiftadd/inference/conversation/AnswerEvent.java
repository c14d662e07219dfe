package io.shiftadd.inference.conversation;

import io.shiftadd.inference.generation.sampling.ScoredToken;
import io.shiftadd.inference.syntax.AnswerPart;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is told of an answer while it is written; choices are numbered. */
public sealed interface AnswerEvent {

    int choice();

    /**
     * More of it.
     *
     * @param tokens those since the part before, scored, when scores were asked for
     */
    record More(int choice, AnswerPart part, List<ScoredToken> tokens) implements AnswerEvent {}

    /**
     * A choice is complete.
     *
     * @param tokens as for {@link More}: of what was held back and is no part
     * @param stop the text that ended it, of those that were asked for; null when it was none
     * @param generatedTokens all of them
     * @param reasoningTokens those of them that were thought
     * @param cachedTokens of the prompt that were not computed for this answer
     */
    record Ended(
            int choice,
            End end,
            List<ScoredToken> tokens,
            @Nullable String stop,
            int generatedTokens,
            int reasoningTokens,
            int cachedTokens)
            implements AnswerEvent {}

    /** Why it ended. */
    enum End {
        STOP,
        LENGTH,
        CALLS
    }
}
