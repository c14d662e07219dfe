package io.shiftadd.inference.generation;

import io.shiftadd.inference.generation.sampling.SamplingSettings;
import io.shiftadd.inference.generation.sampling.TokenConstraint;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One prompt to continue.
 *
 * @param prompt token ids, at least one; the caller has checked that they are in the vocabulary
 * @param choices independent continuations, at least 1; they share the computation of the prompt
 * @param maxTokens of each choice; prompt and maxTokens together fit the model's context
 * @param seed of the first choice; choice i draws from {@code seed + i}
 * @param stops texts that end a choice and are not part of it
 * @param endIds tokens that end a choice and have no text
 * @param alternatives how many of the most probable tokens to report at each position; {@link #NO_SCORES} = score
 *     nothing
 * @param scorePrompt whether to score the prompt's tokens too
 * @param echo whether the prompt's text stands before each choice's: a character that the prompt leaves unfinished is
 *     then written out even if no token goes on with it
 * @param written special tokens that are part of the text as they are written; all others are no part of it
 * @param constraint one new constraint a choice; null = any token
 */
public record GenerationRequest(
        int[] prompt,
        int choices,
        int maxTokens,
        SamplingSettings sampling,
        long seed,
        List<String> stops,
        List<Integer> endIds,
        int alternatives,
        boolean scorePrompt,
        boolean echo,
        Set<Integer> written,
        @Nullable Supplier<TokenConstraint> constraint)
        implements PromptTask {

    /** Value of {@code alternatives} when no log-probabilities are wanted. */
    public static final int NO_SCORES = -1;

    public GenerationRequest {
        if (prompt.length == 0 || choices < 1 || maxTokens < 0) {
            throw new IllegalArgumentException(
                    "a generation needs a prompt token and a choice, and no negative number of tokens; got "
                            + prompt.length + ", " + choices + ", " + maxTokens);
        }
        stops = List.copyOf(stops);
        endIds = List.copyOf(endIds);
    }

    boolean scores() {
        return alternatives >= 0;
    }

    /** The last token generated is never fed back. */
    @Override
    public int cacheTokens() {
        return prompt.length + Math.max(0, maxTokens - 1);
    }

    @Override
    public boolean reusesPrefixes() {
        return !scorePrompt;
    }
}
