package io.shiftadd.format.ggml;

/** Expands one block of a type. */
@FunctionalInterface
interface BlockDecoder {

    /**
     * @param b bytes of which the block begins at {@code at}
     * @param y overwritten from {@code to} on with as many values as the block has elements
     */
    void decode(byte[] b, int at, float[] y, int to);
}
