package io.shiftadd.inference.generation;

/**
 * One text whose mean final hidden state (after the final norm) is wanted.
 *
 * @param prompt token ids, at least one
 */
public record EmbeddingRequest(int[] prompt) implements PromptTask {

    public EmbeddingRequest {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("an embedding needs at least one token");
        }
    }

    @Override
    public int choices() {
        return 1;
    }

    @Override
    public int cacheTokens() {
        return prompt.length;
    }

    @Override
    public boolean reusesPrefixes() {
        return false;
    }
}
