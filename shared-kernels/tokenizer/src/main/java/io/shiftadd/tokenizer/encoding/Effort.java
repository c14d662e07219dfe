package io.shiftadd.tokenizer.encoding;

import org.jspecify.annotations.Nullable;

/**
 * What tokenizing one text may cost, in proportion to its length: steps of searches, and characters that it may become
 * on its way. All parts of a tokenizer draw on one account, so that many parts, or many pieces, cost no more than one.
 */
final class Effort {

    /** What the splits in use need is below 30 looks at each character. */
    private static final int STEPS_PER_CHARACTER = 500;

    private static final int STEPS_PER_TEXT = 100_000;

    /** Compatibility decompositions of Unicode make up to 18 characters of one, and a space one of three bytes. */
    private static final int GROWTH = 64;

    private static final int CHARACTERS_OF_SHORT = 4_096;

    private final int length;
    private final long mostCharacters;
    private long steps;

    /** @param length of the text, in characters */
    Effort(int length) {
        this.length = length;
        this.steps = (long) STEPS_PER_CHARACTER * length + STEPS_PER_TEXT;
        this.mostCharacters = (long) GROWTH * length + CHARACTERS_OF_SHORT;
    }

    /** @throws TokenizationException when there were too many */
    void step(String where) {
        if (--steps < 0) {
            throw tooSlow(where, null);
        }
    }

    /**
     * @param characters that the text has become
     * @throws TokenizationException when it has grown too much
     */
    void requireSize(long characters, String where) {
        if (characters > mostCharacters) {
            throw new TokenizationException(where + ": makes more than " + mostCharacters + " characters of " + length
                    + ", which is the limit. " + Component.REMEDY);
        }
    }

    TokenizationException tooSlow(String where, @Nullable Throwable cause) {
        String message = where + ": takes too long for a text of " + length + " characters; the limit is "
                + STEPS_PER_CHARACTER + " steps for each. " + Component.REMEDY;
        return cause == null ? new TokenizationException(message) : new TokenizationException(message, cause);
    }
}
