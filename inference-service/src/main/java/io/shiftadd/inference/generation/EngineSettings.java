package io.shiftadd.inference.generation;

/**
 * Limits of one model's engine.
 *
 * @param maxSequences that are in a forward pass together
 * @param maxWaiting prompts that wait for a place; beyond that requests are refused
 * @param cacheBytes memory for keys and values, of running sequences and of prefixes kept for reuse
 * @param maxStepTokens of one forward pass, decoding and prompts together
 * @param streamCapacity events that may lie unread before a reader's choices pause
 */
public record EngineSettings(int maxSequences, int maxWaiting, long cacheBytes, int maxStepTokens, int streamCapacity) {

    public EngineSettings {
        if (maxSequences < 1 || maxWaiting < 1 || maxStepTokens < maxSequences || streamCapacity < 1) {
            throw new IllegalArgumentException(
                    "an engine needs places for at least one sequence and one prompt waiting,"
                            + " and as many tokens in a step as sequences; got maxSequences=" + maxSequences
                            + ", maxWaiting="
                            + maxWaiting + ", maxStepTokens=" + maxStepTokens + ", streamCapacity=" + streamCapacity);
        }
    }
}
