package io.shiftadd.inference.generation;

/** Something to compute from one prompt. */
sealed interface PromptTask permits GenerationRequest, EmbeddingRequest {

    int[] prompt();

    int choices();

    /** Tokens of KV cache that one choice may need. */
    int cacheTokens();

    /** Whether a prompt's beginning may come from another sequence's cache, its hidden states being not needed. */
    boolean reusesPrefixes();
}
