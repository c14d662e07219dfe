package io.shiftadd.inference.generation;

/** A prompt and what may be generated from it need more KV cache than the engine has in all. */
public final class CacheTooSmallException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CacheTooSmallException(int tokens, long maxTokens) {
        super("prompt and max_tokens are " + tokens + " tokens together; the KV cache of this server holds " + maxTokens
                + ". Ask for fewer tokens, or raise shiftadd.inference.cache-bytes");
    }
}
