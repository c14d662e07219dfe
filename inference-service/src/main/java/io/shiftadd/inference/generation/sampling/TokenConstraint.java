package io.shiftadd.inference.generation.sampling;

import java.util.BitSet;

/**
 * Says which tokens may come next, so that the output keeps to a grammar. One instance serves one choice and is used by
 * one thread at a time.
 */
public interface TokenConstraint {

    /**
     * The tokens that may come next such that the text can still be completed within the budget. End-of-sequence tokens
     * are not among them: see {@link #mayEnd()}.
     *
     * @param remaining tokens that may still be generated, this one included; at least 1
     * @return ids; the caller must not change it, and it is valid until the next call. Empty only when {@link
     *     #mayEnd()}
     */
    BitSet allowed(int remaining);

    /** Whether any token may come next, which spares asking which. */
    default boolean anything() {
        return false;
    }

    /** The token that was chosen; one of those allowed. */
    void accept(int token);

    /** Whether the text so far may end here. */
    boolean mayEnd();

    /**
     * Whether the text so far is complete, so that nothing is missing where its tokens end here. A text without a form
     * may end anywhere, and is cut there all the same.
     */
    default boolean isComplete() {
        return mayEnd();
    }

    /** Whether the text is complete and nothing can follow. */
    boolean mustEnd();
}
