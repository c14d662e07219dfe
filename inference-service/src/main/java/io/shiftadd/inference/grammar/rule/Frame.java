package io.shiftadd.inference.grammar.rule;

import java.io.ByteArrayOutputStream;

/**
 * What is still expected of one value, object, array or key that has begun. Immutable, with value equality, so that
 * equal positions share what is computed for them.
 */
interface Frame {

    /**
     * Adds every stack that can stand after this byte; none when the byte is not allowed.
     *
     * @param next unsigned byte
     * @param below what follows once this frame is complete
     */
    void step(int next, Stacks below, Reached out);

    /** Whether this frame may be complete as it stands. */
    default boolean mayEnd() {
        return false;
    }

    /** Bytes of a short text that completes this frame; {@link Rule#ENDLESS} when there is none. */
    int shortest();

    /** Writes that short text. */
    void complete(ByteArrayOutputStream out);
}
