package io.shiftadd.tokenizer.encoding;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * What tokenizing one text may cost, in proportion to its length: steps of searches and characters made, and characters
 * that it may become on its way. All parts of a tokenizer draw on one account, so that many parts, or many pieces, cost
 * no more than one. Who works on it may be interrupted: nobody wants the tokens any more.
 */
final class Effort {

    /** What the splits in use need is below 30 looks at each character. */
    private static final int STEPS_PER_CHARACTER = 500;

    private static final int STEPS_PER_TEXT = 100_000;

    /** A second or so: longer texts have less for each character, but twice what is needed. */
    private static final long STEPS_OF_LONG = 200_000_000;

    private static final int STEPS_PER_CHARACTER_OF_LONG = 60;

    private static final int STEPS_BETWEEN_LOOKS = 1 << 14;

    /** Compatibility decompositions of Unicode make up to 18 characters of one, and a space one of three bytes. */
    private static final int GROWTH = 64;

    private static final int CHARACTERS_OF_SHORT = 4_096;

    private final int length;
    private final long mostCharacters;
    private final long mostSteps;
    private long steps;
    private long looked;

    /** @param length of the text, in characters */
    Effort(int length) {
        this.length = length;
        long proportional = (long) STEPS_PER_CHARACTER * length + STEPS_PER_TEXT;
        this.mostSteps = Math.min(proportional, STEPS_OF_LONG + (long) STEPS_PER_CHARACTER_OF_LONG * length);
        this.steps = mostSteps;
        this.looked = mostSteps;
        this.mostCharacters = (long) GROWTH * length + CHARACTERS_OF_SHORT;
    }

    /** @throws TokenizationException when there were too many */
    void step(String where) {
        charge(1, where);
    }

    /**
     * @param more steps, or characters made
     * @throws TokenizationException when there were too many
     */
    void charge(long more, String where) {
        steps -= more;
        if (looked - steps >= STEPS_BETWEEN_LOOKS) {
            looked = steps;
            if (steps < 0) {
                throw tooSlow(where, null);
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("interrupted while a text was tokenized");
            }
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
        String message = where + ": takes too long for a text of " + length + " characters; the limit is " + mostSteps
                + " steps. " + Component.REMEDY;
        return cause == null ? new TokenizationException(message) : new TokenizationException(message, cause);
    }
}
