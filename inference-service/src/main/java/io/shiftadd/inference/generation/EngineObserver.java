package io.shiftadd.inference.generation;

import java.time.Duration;

/**
 * Told what an engine does, for metrics. Calls come from the engine's thread and from those that submit; they must be
 * quick.
 */
public interface EngineObserver {

    EngineObserver NONE = new EngineObserver() {};

    /** Prompts in the queue. */
    default void waiting(int prompts) {}

    /**
     * @param cacheBytes reserved by running sequences
     * @param prefixBytes kept for reuse
     */
    default void running(int sequences, long cacheBytes, long prefixBytes) {}

    /** A forward pass is done. */
    default void step(int sequences, int tokens, long nanos) {}

    /**
     * A prompt's first token is there.
     *
     * @param promptTokens of the prompt
     * @param cachedTokens of these that were not computed but taken from a cache
     * @param sinceSubmitted includes the time in the queue
     */
    default void firstToken(int promptTokens, int cachedTokens, Duration sinceSubmitted) {}

    /** Keys and values of so many tokens of a prompt were read from disk. */
    default void restored(int tokens) {}

    /**
     * A pass of a choice alone is done.
     *
     * @param tokens that were guessed to follow
     * @param right of these
     */
    default void guessed(int tokens, int right) {}

    /** A choice got one more token. */
    default void token() {}
}
