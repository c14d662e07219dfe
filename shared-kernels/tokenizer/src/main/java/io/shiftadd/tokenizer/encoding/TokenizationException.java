package io.shiftadd.tokenizer.encoding;

/**
 * A text cannot be tokenized, or ids cannot be decoded, by this tokenizer: it would take more steps or characters than
 * are allowed for what was sent, or the tokenizer has no token for it. The message says which part of which file, and
 * the limit.
 */
public final class TokenizationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TokenizationException(String message) {
        super(message);
    }

    public TokenizationException(String message, Throwable cause) {
        super(message, cause);
    }
}
