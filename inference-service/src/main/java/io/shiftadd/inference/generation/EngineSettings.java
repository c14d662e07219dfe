package io.shiftadd.inference.generation;

import java.time.Duration;

/**
 * Limits of one model's engine.
 *
 * @param maxSequences that are in a forward pass together, shared fairly among requests
 * @param maxWaiting prompts that wait for a place; beyond that requests are refused
 * @param maxStepTokens of one forward pass, decoding and prompts together
 * @param streamCapacity events that may lie unread before a reader's choices pause
 * @param speculation when tokens are guessed ahead
 * @param readerTimeout after which the choices of a reader that is behind and reads nothing are ended
 */
public record EngineSettings(
        int maxSequences,
        int maxWaiting,
        int maxStepTokens,
        int streamCapacity,
        Speculation speculation,
        Duration readerTimeout) {

    public EngineSettings {
        if (maxSequences < 1
                || maxWaiting < 1
                || maxStepTokens < maxSequences
                || streamCapacity < 1
                || !readerTimeout.isPositive()) {
            throw new IllegalArgumentException(
                    "an engine needs places for at least one sequence and one prompt waiting, patience with readers,"
                            + " and as many tokens in a step as sequences; got maxSequences=" + maxSequences
                            + ", maxWaiting="
                            + maxWaiting + ", maxStepTokens=" + maxStepTokens + ", streamCapacity=" + streamCapacity
                            + ", readerTimeout=" + readerTimeout);
        }
    }
}
