package io.shiftadd.inference.generation;

import io.shiftadd.inference.generation.sampling.ScoredToken;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the engine tells about one choice; choices of several prompts are numbered through. */
public sealed interface GenerationEvent {

    int choice();

    /** The prompt's tokens with their scores, the first without one. Comes once, before any text of the choice. */
    record PromptScored(int choice, List<ScoredToken> tokens) implements GenerationEvent {}

    /**
     * More text of a choice: whole characters, never a part of a stop string.
     *
     * @param tokens the tokens this text comes from, when scores were asked for
     * @param generated tokens of the choice so far, those of text that is held back included
     */
    record Text(int choice, String text, List<ScoredToken> tokens, int generated) implements GenerationEvent {}

    /**
     * The choice is complete.
     *
     * @param end the token that ended it, scored, when one did and scores were asked for; else empty
     * @param stop the text that ended it; null when it was none
     * @param generatedTokens all that were sampled, the ending one included
     * @param cachedTokens of the prompt that were not computed for this request
     */
    record Finished(
            int choice,
            FinishReason reason,
            List<ScoredToken> end,
            @Nullable String stop,
            int generatedTokens,
            int cachedTokens)
            implements GenerationEvent {}

    /** The mean of the final hidden states of a prompt's tokens. */
    record Embedded(int choice, float[] embedding) implements GenerationEvent {}

    /** The choice cannot go on; no other event of it follows. */
    record Failed(int choice, RuntimeException cause) implements GenerationEvent {}
}
