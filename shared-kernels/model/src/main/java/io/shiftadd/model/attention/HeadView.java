package io.shiftadd.model.attention;

/**
 * Where queries, keys or values lie in a projection's output: the vector of token t and head h starts at
 * {@code t·tokenStride + h·headStride + offset}. BLOOM's one projection interleaves all three by head.
 */
public record HeadView(int tokenStride, int headStride, int offset) {

    /** Where the vector of a token and a head starts. */
    public int at(int token, int head) {
        return token * tokenStride + head * headStride + offset;
    }
}
