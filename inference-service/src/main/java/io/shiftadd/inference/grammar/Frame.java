package io.shiftadd.inference.grammar;

import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * What is still expected of one value, object, array or key that has begun. Immutable, with value equality, so that equal
 * positions share what is computed for them.
 */
interface Frame {

    /** Longer than any text: what can never be completed. */
    int ENDLESS = 1 << 28;

    /**
     * Adds every stack that can stand after this byte; none when the byte is not allowed.
     *
     * @param next unsigned byte
     * @param below what follows once this frame is complete
     */
    void step(int next, Stack below, List<Stack> out);

    /** Whether this frame may be complete as it stands. */
    default boolean mayEnd() {
        return false;
    }

    /** Bytes of the shortest text that completes this frame. */
    int shortest();

    /** Writes that shortest text. */
    void complete(ByteArrayOutputStream out);

    static int sum(int a, int b) {
        return Math.min(ENDLESS, a + b);
    }
}
