package io.shiftadd.inference.generation;

import io.shiftadd.inference.generation.sampling.Sampler;
import io.shiftadd.inference.generation.sampling.ScoredToken;
import io.shiftadd.inference.generation.sampling.TokenConstraint;
import io.shiftadd.model.cache.KvCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One choice in the running batch: its tokens, what of them is in its cache, and what has become of it. */
final class Sequence {

    private static final int[] NO_GUESSES = new int[0];

    final Work work;
    final int choice;
    final long reservedBytes;

    private @Nullable KvCache cache;

    private int[] tokens;
    private int length;

    /** What follows the first {@link #guessedFrom} tokens as it was guessed, computed with the last of these. */
    private int[] guesses = NO_GUESSES;

    private int guessedFrom;

    final List<ScoredToken> promptScores = new ArrayList<>();
    double @Nullable [] hiddenSum;

    @Nullable
    Writing writing;

    /** Null where nothing is guessed. */
    @Nullable
    Speculator speculator;

    /** What a choice that generates needs: how to choose, what is allowed, what becomes text. */
    record Writing(
            GenerationRequest request,
            Sampler sampler,
            ChoiceText text,
            @Nullable TokenConstraint constraint) {}

    Sequence(Work work, int choice, KvCache cache, long reservedBytes) {
        this.work = work;
        this.choice = choice;
        this.cache = cache;
        this.reservedBytes = reservedBytes;
        int[] prompt = work.task.prompt();
        this.tokens = Arrays.copyOf(prompt, Math.max(prompt.length, work.task.cacheTokens() + 1));
        this.length = prompt.length;
    }

    Writing writing() {
        return Objects.requireNonNull(writing, "a sequence that only embeds has no logits");
    }

    /** Keys and values of the tokens that were computed. */
    KvCache cache() {
        return Objects.requireNonNull(cache, "a sequence without memory takes no part in a step");
    }

    boolean hasCache() {
        return cache != null;
    }

    /** How many tokens the cache has; what it has of guesses beyond them does not count. */
    int computed() {
        return cache == null ? 0 : Math.min(cache.length(), length);
    }

    /** Others need the memory; what was computed is to be computed again. */
    void releaseCache() {
        cache = null;
        if (generated() == 0) {
            promptScores.clear();
        }
    }

    void restoreCache(KvCache empty) {
        cache = empty;
    }

    /** What the cache has from here on goes, unless it was guessed that this token comes. */
    void append(int token) {
        if (cache != null && cache.length() > length && guesses[length - guessedFrom] != token) {
            cache.truncate(length);
        }
        tokens[length++] = token;
    }

    int length() {
        return length;
    }

    /**
     * Guesses what follows its last token, to be computed with it in the next pass.
     *
     * @return how many tokens
     */
    int guess() {
        Speculator guessing = speculator;
        guessedFrom = length;
        // The last token generated is never computed, so that one fewer than may come has room in the cache.
        guesses = guessing == null
                ? NO_GUESSES
                : guessing.guess(this::token, length, writing().request().maxTokens() - generated() - 1);
        return guesses.length;
    }

    /** Leaves nothing in the cache but what the tokens say. */
    void forgetGuesses() {
        if (cache != null && cache.length() > length) {
            cache.truncate(length);
        }
    }

    int promptLength() {
        return work.task.prompt().length;
    }

    int generated() {
        return length - promptLength();
    }

    /** Tokens that no forward pass has seen yet. */
    int pending() {
        return length - computed();
    }

    boolean inPrompt() {
        return computed() < promptLength();
    }

    int token(int position) {
        return tokens[position];
    }

    /** Copies the next tokens for a forward pass; those beyond the last are guesses. */
    void copyPending(int count, int[] ids, int to) {
        int known = Math.min(count, pending());
        System.arraycopy(tokens, computed(), ids, to, known);
        System.arraycopy(guesses, 0, ids, to + known, count - known);
    }

    /** The tokens whose keys and values are in the cache. */
    int[] cachedTokens() {
        return Arrays.copyOf(tokens, computed());
    }

    int commonWith(int[] prompt) {
        return PrefixCache.common(tokens, length, prompt);
    }
}
