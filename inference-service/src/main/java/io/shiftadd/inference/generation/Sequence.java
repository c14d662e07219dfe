package io.shiftadd.inference.generation;

import io.shiftadd.model.cache.KvCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One choice in the running batch: its tokens, what of them is in its cache, and what has become of it. */
final class Sequence {

    final Work work;
    final int choice;
    final long reservedBytes;

    private @Nullable KvCache cache;

    private int[] tokens;
    private int length;

    final List<ScoredToken> promptScores = new ArrayList<>();
    double @Nullable [] hiddenSum;

    @Nullable
    Writing writing;

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

    /** How many tokens the cache has. */
    int computed() {
        return cache == null ? 0 : cache.length();
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

    void append(int token) {
        tokens[length++] = token;
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

    /** Copies the next tokens for a forward pass. */
    void copyPending(int count, int[] ids, int to) {
        System.arraycopy(tokens, computed(), ids, to, count);
    }

    /** The tokens whose keys and values are in the cache. */
    int[] cachedTokens() {
        return Arrays.copyOf(tokens, computed());
    }

    int commonWith(int[] prompt) {
        return PrefixCache.common(tokens, length, prompt);
    }
}
